/**
 * P3 and P15 while the run goes on: a version that a read returns must have been written before, to that key, with
 * those bytes, and must not have failed for certain. None of that needs the end of the history, so whoever records it
 * can say at once that something is wrong with the store.
 *
 * It only warns; the verdict is `phantoms`', which also looks at dumps, parents and lines of carts. It remembers two
 * numbers a write, and after `writesMax` writes it stops and says so.
 */
import { Column } from "./history/columns.ts";
import type { Completion, HistoryEvent, Invocation, WriteId } from "./history/event.ts";
import { Names } from "./history/names.ts";

/** About 300 MB of memory, and hours of load. */
export const writesMax = 4_000_000;
/** Warnings given; the run has a verdict for the rest. */
export const warningsMax = 5;

export class LivePhantoms {
  readonly #warn: (sentence: string) => void;
  readonly #writesMax: number;
  readonly #open = new Map<number, Pick<Invocation, "key" | "written">>();
  readonly #writes = new Names();
  readonly #keys = new Names();
  readonly #digests = new Names();
  /** By number of the write: its key, its digest, whether it failed for certain. */
  readonly #keyOf = new Column("integer");
  readonly #digestOf = new Column("integer");
  readonly #hasFailed = new Column("byte");
  #warningCount = 0;
  #isOver = false;

  /** `warn` gets one sentence a broken version, at most `warningsMax` of them. */
  constructor(warn: (sentence: string) => void, limit = writesMax) {
    this.#warn = warn;
    this.#writesMax = limit;
  }

  /** Every event of the run, in the order in which it is recorded. */
  add(event: HistoryEvent): void {
    if (this.#isOver) return;
    if (event.type === "invoke") this.#invoked(event);
    else if (event.type === "ok" || event.type === "fail" || event.type === "info") this.#completed(event);
  }

  #invoked({ id, key, written }: Invocation): void {
    this.#open.set(id, written === undefined ? { key } : { key, written });
    if (written === undefined || this.#writes.find(written.write) >= 0) return;
    this.#writes.number(written.write);
    this.#keyOf.push(this.#keys.number(key));
    this.#digestOf.push(this.#digests.number(written.digest));
    this.#hasFailed.push(0);
    if (this.#writes.count < this.#writesMax) return;
    this.#isOver = true;
    this.#warn(
      "The run has more writes than are watched while it goes on; its verdict will look at all of them.",
    );
  }

  #completed(event: Completion): void {
    const asked = this.#open.get(event.id);
    this.#open.delete(event.id);
    if (asked === undefined) return;
    const { key, written } = asked;
    if (event.type === "fail" && written !== undefined)
      this.#hasFailed.set(this.#writes.number(written.write), 1);
    if (event.type !== "ok") return;
    for (const { write, digest } of event.observed ?? []) this.#judge(event.id, key, write, digest);
    for (const write of event.tombstones ?? []) this.#judge(event.id, key, write, undefined);
  }

  #judge(id: number, key: string, write: WriteId | null, digest: string | undefined): void {
    const wrong = this.#wrong(key, write, digest);
    if (wrong === undefined || this.#warningCount === warningsMax) return;
    this.#warningCount += 1;
    this.#warn(`Request ${id} read ${write ?? "bytes that name no write"} in ${key}, ${wrong}.`);
  }

  #wrong(key: string, write: WriteId | null, digest: string | undefined): string | undefined {
    const number = write === null ? -1 : this.#writes.find(write);
    if (number < 0) return "which nobody has written";
    if (this.#keyOf.at(number) !== this.#keys.find(key))
      return `which was written to ${this.#keys.name(this.#keyOf.at(number))}`;
    if (digest !== undefined && this.#digestOf.at(number) !== this.#digests.find(digest))
      return "with bytes that are not those written";
    // Only deletes have no bytes.
    if (digest === undefined && this.#digestOf.at(number) !== this.#digests.find(""))
      return "as deleted, though that write was a put";
    return this.#hasFailed.at(number) === 1 ? "which had failed for certain" : undefined;
  }
}
