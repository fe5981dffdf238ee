/**
 * Pairs invocations with completions of one-step operations (add, read, enqueue …) and hands each on as it begins and
 * as it ends, so that a checker needs no more memory than its own question does.
 */
import type { Datum } from "../exchange/datum.ts";
import type { HistoryRecord, ReadProblem } from "../exchange/history-record.ts";
import { Notes } from "../transactions/notes.ts";

export type Operation = {
  readonly process: number;
  readonly f: string;
  /** The invocation's value. */
  readonly asked: Datum;
  /** Position of the beginning among the client events, and line of the file. */
  readonly from: number;
  readonly line: number;
};

export type Ended = Operation & {
  readonly outcome: "ok" | "fail" | "unknown";
  /** The completion's value, or the invocation's when it has none. */
  readonly answer: Datum;
  /** Position of the end; `Infinity` when it is not known to have ended. */
  readonly until: number;
};

export type OperationWatcher = {
  readonly begins?: (operation: Operation) => void;
  readonly ends: (ended: Ended) => void;
};

export class Operations {
  readonly notes = new Notes();
  readonly #watcher: OperationWatcher;
  readonly #open = new Map<number, Operation>();
  #position = 0;
  #count = 0;

  constructor(watcher: OperationWatcher) {
    this.#watcher = watcher;
  }

  /** Operations begun. */
  get count(): number {
    return this.#count;
  }

  add({ type, process, f, value, line }: HistoryRecord): void {
    if (typeof process !== "number") return;
    const from = this.#position++;
    const open = this.#open.get(process);
    if (type === "invoke") {
      if (open !== undefined) {
        this.notes.add(`line ${line}: process ${process} invokes while its last operation is open`);
        this.#unknown(open);
      }
      const operation: Operation = { process, f, asked: value, from, line };
      this.#open.set(process, operation);
      this.#count++;
      this.#watcher.begins?.(operation);
      return;
    }
    if (open === undefined) {
      this.notes.add(`line ${line}: process ${process} completes what it never invoked`);
      return;
    }
    this.#open.delete(process);
    if (type === "info") this.#unknown(open);
    else this.#watcher.ends({ ...open, outcome: type, answer: value ?? open.asked, until: from });
  }

  addProblem({ line, reason, isTorn }: ReadProblem): void {
    this.notes.add(isTorn ? `the file ends in the middle of line ${line}` : `line ${line}: ${reason}`);
  }

  /** Ends what is open as unknown; no record may follow. */
  finish(): void {
    for (const open of this.#open.values()) this.#unknown(open);
    this.#open.clear();
  }

  #unknown(open: Operation): void {
    this.#watcher.ends({ ...open, outcome: "unknown", answer: open.asked, until: Number.POSITIVE_INFINITY });
  }
}
