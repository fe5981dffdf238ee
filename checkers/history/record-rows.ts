/**
 * Rows straight from the bytes of a journal's record, without an object in between: a cart of sixty lines is
 * hundreds of strings that would be thrown away as soon as they are numbered.
 *
 * Only requests, and only as a recorder writes them. Anything else is no row, and nothing but some numbered text is
 * left behind: the caller then decodes the record and tests its shape, which is slow and knows all.
 */
import { FieldTable, MessageCursor } from "./message-pack.ts";
import type { Names } from "./names.ts";
import {
  acknowledgementOf,
  actions,
  attemptOutcomes,
  CompletionRow,
  codecs,
  durabilities,
  InvocationRow,
  kinds,
  outcomes,
  roles,
  type Vocabulary,
  type WrittenRow,
} from "./rows.ts";

/** Thrown and caught in here. */
class NoRow extends Error {}

const wordsOf = {
  kinds: new FieldTable(kinds),
  actions: new FieldTable(actions),
  codecs: new FieldTable(codecs),
  attemptOutcomes: new FieldTable(attemptOutcomes),
  roles: new FieldTable(roles),
  durabilities: new FieldTable(durabilities),
  /** The first words of `outcomes` are its own. */
  types: new FieldTable([...outcomes, "invoke"]),
};

/** The map that a cursor stands at: where the value of each of its fields begins. */
class Fields<Name extends string> {
  readonly #table: FieldTable;
  readonly #numbers: ReadonlyMap<Name, number>;
  readonly #places: Int32Array;

  constructor(...names: readonly Name[]) {
    this.#table = new FieldTable(names);
    this.#numbers = new Map(names.map((name, number) => [name, number]));
    this.#places = new Int32Array(names.length);
  }

  /** Returns where the map ends: whoever is done with its fields goes on there. */
  enter(cursor: MessageCursor): number {
    if (!this.#table.locate(cursor, this.#places)) throw new NoRow();
    return cursor.at;
  }

  /** Puts the cursor before the field's value; false when there is no such field. */
  seek(cursor: MessageCursor, name: Name): boolean {
    const place = this.#places[this.#numbers.get(name) ?? -1] ?? -1;
    if (place < 0) return false;
    cursor.at = place;
    return true;
  }
}

const invocationFields = ["id", "process", "session", "operation", "kind", "key"] as const;
const completionFields = ["id", "at", "attempts", "observed", "tombstones", "acknowledged"] as const;

export class RecordRows {
  readonly invocation = new InvocationRow();
  readonly completion = new CompletionRow();
  readonly #words: Vocabulary;
  readonly #cursor = new MessageCursor();
  readonly #asked = new Fields(...invocationFields, "intended", "at", "written", "final", "entry");
  readonly #answer = new Fields(...completionFields, "coordinator", "error");
  readonly #written = new Fields("write", "parents", "digest", "bytes", "effect", "contents", "sold");
  readonly #effect = new Fields("action", "adds", "removes");
  readonly #contents = new Fields("codec", "live", "removed", "lines", "order");
  readonly #line = new Fields("tag", "item", "quantity");
  readonly #removal = new Fields("item", "observed");
  readonly #attempt = new Fields("node", "from", "until", "outcome", "error");
  readonly #seen = new Fields("write", "digest");
  readonly #acknowledged = new Fields("node", "role", "durability");

  constructor(words: Vocabulary) {
    this.#words = words;
  }

  /** Which of the two rows was filled; undefined when the bytes are no request, or one of another shape. */
  read(bytes: Uint8Array, start: number, end: number): "invocation" | "completion" | undefined {
    const cursor = this.#cursor;
    cursor.begin(bytes, start, end);
    try {
      if (cursor.mapSize() < 0 || !cursor.text() || cursor.textEnd - cursor.textStart !== "type".length) {
        return undefined;
      }
      const type = cursor.text() ? wordsOf.types.number(bytes, cursor.textStart, cursor.textEnd) : -1;
      if (type < 0) return undefined;
      cursor.at = start;
      if (type === outcomes.length) this.#readInvocation();
      else this.#readCompletion(type);
      return type === outcomes.length ? "invocation" : "completion";
    } catch (thrown) {
      if (thrown instanceof NoRow) return undefined;
      throw thrown;
    }
  }

  #readInvocation(): void {
    const fields = this.#asked;
    const row = this.invocation;
    const words = this.#words;
    if (fields.enter(this.#cursor) !== this.#cursor.end) throw new NoRow();
    row.id = this.#number(fields, "id");
    row.process = this.#number(fields, "process");
    row.session = this.#name(fields, "session", words.sessions);
    row.operation = this.#name(fields, "operation", words.operations);
    row.kind = this.#word(fields, "kind", wordsOf.kinds);
    row.key = this.#name(fields, "key", words.keys);
    row.entry = this.#name(fields, "entry", words.nodes);
    row.intended = this.#number(fields, "intended");
    row.at = this.#number(fields, "at");
    row.isFinal = fields.seek(this.#cursor, "final") && this.#flag();
    row.doesWrite = fields.seek(this.#cursor, "written");
    if (row.doesWrite) this.#readWritten(row.written);
  }

  #readWritten(row: WrittenRow): void {
    const fields = this.#written;
    const { versions, digests, tags } = this.#words;
    row.clear();
    fields.enter(this.#cursor);
    row.version = this.#name(fields, "write", versions);
    row.digest = this.#name(fields, "digest", digests);
    row.bytes = this.#number(fields, "bytes");
    this.#names(fields, "parents", versions, row.parents);
    if (fields.seek(this.#cursor, "sold")) this.#listed(tags, row.sold);
    if (fields.seek(this.#cursor, "effect")) this.#readEffect(row);
    if (fields.seek(this.#cursor, "contents")) this.#readContents(row);
  }

  #readEffect(row: WrittenRow): void {
    const fields = this.#effect;
    const { tags, items } = this.#words;
    fields.enter(this.#cursor);
    row.action = this.#word(fields, "action", wordsOf.actions);
    this.#each(fields, "adds", () => this.#readLine(row.added, row.addedItems));
    this.#each(fields, "removes", () => {
      const after = this.#removal.enter(this.#cursor);
      const item = this.#name(this.#removal, "item", items);
      row.removedItems.push(item);
      this.#names(this.#removal, "observed", tags, row.removed);
      while (row.itemsOfRemoved.length < row.removed.length) row.itemsOfRemoved.push(item);
      this.#cursor.at = after;
    });
  }

  #readContents(row: WrittenRow): void {
    const fields = this.#contents;
    fields.enter(this.#cursor);
    row.codec = this.#word(fields, "codec", wordsOf.codecs);
    if (fields.seek(this.#cursor, "order") && !this.#cursor.text()) throw new NoRow();
    switch (codecs[row.codec]) {
      case "tagged":
        this.#each(fields, "live", () => this.#readLine(row.live, row.liveItems));
        return this.#names(fields, "removed", this.#words.tags, row.dead);
      case "union":
        return this.#each(fields, "lines", () => this.#readLine(undefined, row.live));
      default:
        throw new NoRow();
    }
  }

  /** A line of a cart; one of a union cart has no tag. */
  #readLine(tags: number[] | undefined, items: number[]): void {
    const fields = this.#line;
    const after = fields.enter(this.#cursor);
    items.push(this.#name(fields, "item", this.#words.items));
    this.#number(fields, "quantity");
    tags?.push(this.#name(fields, "tag", this.#words.tags));
    this.#cursor.at = after;
  }

  #readCompletion(outcome: number): void {
    const fields = this.#answer;
    const row = this.completion;
    row.clear();
    if (fields.enter(this.#cursor) !== this.#cursor.end) throw new NoRow();
    row.id = this.#number(fields, "id");
    row.at = this.#number(fields, "at");
    row.outcome = outcome;
    this.#each(fields, "attempts", () => this.#readAttempt(row));
    const isOk = outcomes[outcome] === "ok";
    row.error = isOk ? this.#words.errors.number("") : this.#name(fields, "error", this.#words.errors);
    if (!isOk) return;
    if (fields.seek(this.#cursor, "observed")) this.#each(fields, "observed", () => this.#readObserved(row));
    if (fields.seek(this.#cursor, "tombstones")) this.#listed(this.#words.versions, row.tombstones);
    if (fields.seek(this.#cursor, "acknowledged"))
      this.#each(fields, "acknowledged", () => this.#readAcknowledged(row));
    if (fields.seek(this.#cursor, "coordinator")) row.coordinator = this.#text(this.#words.nodes);
  }

  #readAttempt(row: CompletionRow): void {
    const fields = this.#attempt;
    const after = fields.enter(this.#cursor);
    const { nodes, errors } = this.#words;
    row.attemptNodes.push(this.#name(fields, "node", nodes));
    row.attemptOutcomes.push(this.#word(fields, "outcome", wordsOf.attemptOutcomes));
    row.attemptTimes.push(this.#number(fields, "from"), this.#number(fields, "until"));
    const hasError = fields.seek(this.#cursor, "error");
    row.attemptErrors.push(hasError ? this.#name(fields, "error", errors) : errors.number(""));
    this.#cursor.at = after;
  }

  #readObserved(row: CompletionRow): void {
    const fields = this.#seen;
    const after = fields.enter(this.#cursor);
    const { versions, digests } = this.#words;
    const isUnreadable = fields.seek(this.#cursor, "write") && this.#cursor.nil();
    row.observed.push(isUnreadable ? -1 : this.#name(fields, "write", versions));
    row.digests.push(this.#name(fields, "digest", digests));
    this.#cursor.at = after;
  }

  #readAcknowledged(row: CompletionRow): void {
    const fields = this.#acknowledged;
    const after = fields.enter(this.#cursor);
    const node = this.#name(fields, "node", this.#words.nodes);
    const role = this.#word(fields, "role", wordsOf.roles);
    row.acknowledged.push(
      acknowledgementOf(node, role, this.#word(fields, "durability", wordsOf.durabilities)),
    );
    this.#cursor.at = after;
  }

  #number<Name extends string>(fields: Fields<Name>, name: Name): number {
    const value = fields.seek(this.#cursor, name) ? this.#cursor.number() : Number.NaN;
    if (!Number.isFinite(value)) throw new NoRow();
    return value;
  }

  #name<Name extends string>(fields: Fields<Name>, name: Name, names: Names): number {
    if (!fields.seek(this.#cursor, name)) throw new NoRow();
    return this.#text(names);
  }

  #text(names: Names): number {
    const cursor = this.#cursor;
    if (!cursor.text()) throw new NoRow();
    return names.numberOfBytes(cursor.bytes, cursor.textStart, cursor.textEnd);
  }

  #word<Name extends string>(fields: Fields<Name>, name: Name, words: FieldTable): number {
    const cursor = this.#cursor;
    const isText = fields.seek(cursor, name) && cursor.text();
    const number = isText ? words.number(cursor.bytes, cursor.textStart, cursor.textEnd) : -1;
    if (number < 0) throw new NoRow();
    return number;
  }

  #flag(): boolean {
    const flag = this.#cursor.flag();
    if (flag === undefined) throw new NoRow();
    return flag;
  }

  #names<Name extends string>(fields: Fields<Name>, name: Name, names: Names, list: number[]): void {
    if (!fields.seek(this.#cursor, name)) throw new NoRow();
    this.#listed(names, list);
  }

  /** The list of texts at the cursor. */
  #listed(names: Names, list: number[]): void {
    const size = this.#cursor.arraySize();
    if (size < 0) throw new NoRow();
    for (let place = 0; place < size; place++) list.push(this.#text(names));
  }

  /** `read` goes past one item. */
  #each<Name extends string>(fields: Fields<Name>, name: Name, read: () => void): void {
    const size = fields.seek(this.#cursor, name) ? this.#cursor.arraySize() : -1;
    if (size < 0) throw new NoRow();
    for (let place = 0; place < size; place++) read();
  }
}
