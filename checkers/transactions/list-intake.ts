/**
 * Reads `["append" k v]` and `["r" k [v …]]`. Reads of one key are nearly always prefixes of the longest one, so a
 * read is kept as a length and memory stays linear in the appends; one that is no prefix is kept whole. What a
 * transaction says against itself is judged here, while its lists are at hand.
 *
 * A read's value in the log is the length of its list, or -1 - i for the i-th list that is no prefix. An append's
 * value is its number, counted over the whole history.
 */
import { type Atom, atomOf, atomText, type Datum, isSequence, nameOf } from "../exchange/datum.ts";
import { IntegerList } from "../graph/integers.ts";
import { AnomalyList } from "./anomaly-list.ts";
import { status, type TransactionLog } from "./transaction-log.ts";

export class ListKey {
  readonly name: Atom;
  /** The longest list so far that agrees with the first one read. */
  longest: readonly Atom[] = [];
  /** Element -> number of the append that wrote it. */
  readonly appends = new Map<Atom, number>();
  /** Elements that more than one acknowledged transaction appended. */
  readonly shared = new Set<Atom>();
  /** What the transaction that is being read must see. */
  expected: Expected = { transaction: -1, read: undefined, own: [], lastAppend: -1 };

  constructor(name: Atom) {
    this.name = name;
  }
}

export type Deviation = { readonly key: number; readonly list: readonly Atom[] };

/** What a transaction must see of one key from here on: what it read, and what it appended since. */
type Expected = {
  readonly transaction: number;
  read: readonly Atom[] | undefined;
  own: Atom[];
  lastAppend: number;
};

export class ListIntake {
  readonly keys: ListKey[] = [];
  readonly deviations: Deviation[] = [];
  readonly anomalies = new AnomalyList();
  /** Append -> its transaction, its element, and 1 when the same transaction appended to the key again. */
  readonly appendTransactions = new IntegerList();
  readonly appendElements: Atom[] = [];
  readonly appendIsIntermediate = new IntegerList();
  /** Appends of an element that another transaction, not aborted, had appended to the same key. */
  ambiguousCount = 0;
  readonly #numbers = new Map<Atom, number>();

  read(
    log: TransactionLog,
    micro: readonly Datum[],
    transaction: { readonly number: number; readonly status: number },
  ): string | undefined {
    for (const operation of micro) {
      if (!isSequence(operation)) return "a micro-operation is a list of function, key and value";
      const [f, keyDatum, value] = operation;
      const name = typeof f === "string" ? f : nameOf(f);
      if (name !== "r" && name !== "append") return `unknown micro-operation ${name ?? ""}`;
      const key = this.#keyNumber(atomOf(keyDatum ?? null));
      const known = micro.length > 1 ? this.#expected(key, transaction.number) : undefined;
      if (name === "append") {
        this.#append(log, key, atomOf(value ?? null), transaction, known);
      } else if (transaction.status === status.ok) {
        const problem = this.#observe(log, key, value ?? null, transaction.number, known);
        if (problem !== undefined) return problem;
      }
    }
    return undefined;
  }

  #keyNumber(name: Atom): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.keys.length);
    return this.keys.push(new ListKey(name)) - 1;
  }

  #expected(key: number, transaction: number): Expected | undefined {
    const known = this.keys[key];
    if (known !== undefined && known.expected.transaction !== transaction)
      known.expected = { transaction, read: undefined, own: [], lastAppend: -1 };
    return known?.expected;
  }

  #append(
    log: TransactionLog,
    key: number,
    element: Atom,
    transaction: { readonly number: number; readonly status: number },
    known: Expected | undefined,
  ): void {
    const number = this.appendTransactions.length;
    const appends = this.keys[key]?.appends;
    const before = appends?.get(element);
    if (before === undefined || this.#replaces(log, before, key, element, transaction))
      appends?.set(element, number);
    this.appendTransactions.push(transaction.number);
    this.appendElements.push(element);
    this.appendIsIntermediate.push(0);
    log.push(key, true, number);
    if (known === undefined) return;
    if (known.lastAppend >= 0) this.appendIsIntermediate.set(known.lastAppend, 1);
    known.lastAppend = number;
    if (known.read?.at(-1) === element)
      this.#contradiction("future-read", {
        transaction: transaction.number,
        key,
        seen: known.read,
        expected: [],
      });
    known.own.push(element);
  }

  /**
   * Whose element is it when two transactions appended it? Not that of an aborted one; rather of one that was
   * acknowledged than of one that may have happened; nobody's, when both were acknowledged.
   */
  #replaces(
    log: TransactionLog,
    before: number,
    key: number,
    element: Atom,
    transaction: { readonly status: number; readonly number: number },
  ): boolean {
    if (transaction.status === status.failed) return false;
    const rival = this.appendTransactions.at(before);
    const rivalStatus = rival === transaction.number ? transaction.status : log.statuses.at(rival);
    if (rivalStatus === status.failed) return true;
    this.ambiguousCount++;
    if (rivalStatus === status.ok && transaction.status === status.ok) this.keys[key]?.shared.add(element);
    return false;
  }

  #observe(
    log: TransactionLog,
    key: number,
    value: Datum,
    transaction: number,
    known: Expected | undefined,
  ): string | undefined {
    if (value !== null && !isSequence(value)) return "a read of a list is a list";
    const list = atoms(value ?? []);
    log.push(key, false, this.#versionOf(key, list));
    if (known === undefined) return undefined;
    const must = known.read === undefined ? known.own : [...known.read, ...known.own];
    const isRight =
      known.read === undefined ? endsWith(list, must) : list.length === must.length && endsWith(list, must);
    if (!isRight) this.#contradiction("internal", { transaction, key, seen: list, expected: must });
    known.read = list;
    known.own = [];
    return undefined;
  }

  #versionOf(key: number, list: readonly Atom[]): number {
    const known = this.keys[key];
    if (known === undefined) return 0;
    const { longest } = known;
    const shared = Math.min(list.length, longest.length);
    for (let place = 0; place < shared; place++)
      if (list[place] !== longest[place]) return -this.deviations.push({ key, list });
    if (list.length > longest.length) known.longest = list;
    return list.length;
  }

  #contradiction(
    type: "internal" | "future-read",
    at: { transaction: number; key: number; seen: readonly Atom[]; expected: readonly Atom[] },
  ): void {
    this.anomalies.add(type, () => {
      const key = atomText(this.keys[at.key]?.name ?? null);
      const name = `T${at.transaction}`;
      const sentence =
        type === "internal"
          ? `${name} read ${key} as ${listText(at.seen)} after its own operations had made it end in ${listText(at.expected)}.`
          : `${name} read ${key} as ${listText(at.seen)} before it appended the last of it itself.`;
      return { key, sentence, story: [], requests: [at.transaction] };
    });
  }
}

/** The list itself when it holds nothing but atoms already, as numbers do. */
const atoms = (list: readonly Datum[]): readonly Atom[] =>
  list.every((item) => typeof item === "number") ? list : list.map(atomOf);

const endsWith = (list: readonly Atom[], end: readonly Atom[]): boolean =>
  end.length <= list.length &&
  end.every((element, place) => element === list[list.length - end.length + place]);

/** The list in EDN, without its beginning when it is long. */
export const listText = (list: readonly Atom[]): string =>
  list.length <= 8 ? `[${list.map(atomText).join(" ")}]` : `[… ${list.slice(-6).map(atomText).join(" ")}]`;
