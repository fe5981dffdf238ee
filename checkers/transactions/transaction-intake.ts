/**
 * Pairs invocations with completions and fills a transaction log, one record at a time, so that a file is never in
 * memory as a whole. A transaction whose completion never comes, or comes as `info`, may or may not have happened;
 * its reads are unknown and its writes possible. A second invocation of a process that has one open leaves the first
 * unknown. What is odd about the file is noted, for a verdict that rests on it can only be inconclusive.
 */
import { type Datum, isSequence } from "../exchange/datum.ts";
import type { HistoryRecord, ReadProblem } from "../exchange/history-record.ts";
import { Notes } from "./notes.ts";
import { status, TransactionLog } from "./transaction-log.ts";

/** Reads the micro-operations of one transaction into the log's columns; returns what is wrong with them. */
export type MicroOperationIntake = (
  log: TransactionLog,
  micro: readonly Datum[],
  transaction: { readonly number: number; readonly status: number },
) => string | undefined;

type Open = { readonly position: number; readonly value: Datum; readonly line: number };

export class TransactionIntake {
  readonly log = new TransactionLog();
  readonly notes = new Notes();
  /** Whether the order of the events is the order of time. */
  isOrdered = true;
  readonly #read: MicroOperationIntake;
  readonly #open = new Map<number, Open>();
  readonly #unknown: { readonly process: number; readonly open: Open }[] = [];
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastIndex = Number.NEGATIVE_INFINITY;

  constructor(read: MicroOperationIntake) {
    this.#read = read;
  }

  add(record: HistoryRecord): void {
    const { process } = record;
    if (typeof process !== "number") return;
    this.#watchOrder(record);
    const position = this.log.positionCount++;
    const open = this.#open.get(process);
    if (record.type === "invoke") {
      if (open !== undefined) {
        this.notes.add(`line ${record.line}: process ${process} invokes while its last operation is open`);
        this.#unknown.push({ process, open });
      }
      this.#open.set(process, { position, value: record.value, line: record.line });
      return;
    }
    this.#open.delete(process);
    const value = record.value ?? open?.value ?? null;
    const line = open?.line ?? record.line;
    const ended = { process, from: open?.position ?? -1, line };
    if (record.type === "ok") this.#close(value, { ...ended, status: status.ok, until: position });
    else if (record.type === "fail") this.#close(value, { ...ended, status: status.failed, until: -1 });
    else
      this.#unknown.push({
        process,
        open: { position: open?.position ?? -1, value: open?.value ?? value, line },
      });
  }

  addProblem({ line, reason, isTorn }: ReadProblem): void {
    this.notes.add(isTorn ? `the file ends in the middle of line ${line}` : `line ${line}: ${reason}`);
  }

  /** Closes what is still open; no record may follow. */
  finish(): void {
    for (const [process, open] of this.#open) this.#unknown.push({ process, open });
    for (const { process, open } of this.#unknown)
      this.#close(open.value, {
        status: status.unknown,
        process,
        from: open.position,
        until: -1,
        line: open.line,
      });
    this.#open.clear();
    this.#unknown.length = 0;
  }

  #close(
    value: Datum,
    row: { status: number; process: number; from: number; until: number; line: number },
  ): void {
    const { log } = this;
    if (value !== null && !isSequence(value)) {
      this.notes.add(`line ${row.line}: a transaction's value is a list of micro-operations`);
      return;
    }
    const problem = this.#read(log, value ?? [], { number: log.count, status: row.status });
    if (problem !== undefined) this.notes.add(`line ${row.line}: ${problem}`);
    log.close(row);
  }

  #watchOrder({ time, index, line }: HistoryRecord): void {
    if (time >= 0) {
      if (time < this.#lastTime) {
        if (this.isOrdered)
          this.notes.add(`line ${line}: time goes backwards, so realtime order is not known`);
        this.isOrdered = false;
      }
      this.#lastTime = time;
    }
    if (index < 0) return;
    if (index <= this.#lastIndex)
      this.notes.add(`line ${line}: index ${index} is there twice or out of order`);
    this.#lastIndex = index;
  }
}
