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

/** The invocation a process has open; `isOpen` instead of deleting, since a map that shrinks and grows is slow. */
type Slot = { isOpen: boolean; record: HistoryRecord; position: number };
type Unanswered = { readonly record: HistoryRecord; readonly position: number };

export class TransactionIntake {
  readonly log = new TransactionLog();
  readonly notes = new Notes();
  /** Whether the order of the events is the order of time. */
  isOrdered = true;
  readonly #read: MicroOperationIntake;
  readonly #slots = new Map<number, Slot>();
  readonly #unanswered: Unanswered[] = [];
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
    const slot = this.#slots.get(process);
    if (record.type === "invoke") {
      if (slot === undefined) this.#slots.set(process, { isOpen: true, record, position });
      else this.#reopen(slot, record, position);
      return;
    }
    const isOpen = slot?.isOpen === true;
    const from = isOpen ? slot.position : -1;
    const asked = isOpen ? slot.record : record;
    if (slot !== undefined) slot.isOpen = false;
    if (record.type === "ok")
      this.#close(record.value === null ? asked : record, asked, status.ok, from, position);
    else if (record.type === "fail") this.#close(asked, asked, status.failed, from, -1);
    else this.#unanswered.push({ record: asked, position: from });
  }

  addProblem({ line, reason, isTorn }: ReadProblem): void {
    this.notes.add(isTorn ? `the file ends in the middle of line ${line}` : `line ${line}: ${reason}`);
  }

  /** Closes what is still open; no record may follow. */
  finish(): void {
    for (const { isOpen, record, position } of this.#slots.values())
      if (isOpen) this.#unanswered.push({ record, position });
    for (const { record, position } of this.#unanswered)
      this.#close(record, record, status.unknown, position, -1);
    this.#slots.clear();
    this.#unanswered.length = 0;
  }

  #reopen(slot: Slot, record: HistoryRecord, position: number): void {
    if (slot.isOpen) {
      this.notes.add(
        `line ${record.line}: process ${record.process} invokes while its last operation is open`,
      );
      this.#unanswered.push({ record: slot.record, position: slot.position });
    }
    slot.isOpen = true;
    slot.record = record;
    slot.position = position;
  }

  /** Adds the transaction that was `asked` and did what `told` says; from and until are positions, -1 for none. */
  #close(told: HistoryRecord, asked: HistoryRecord, outcome: number, from: number, until: number): void {
    const { log } = this;
    const { value } = told;
    if (value !== null && !isSequence(value)) {
      this.notes.add(`line ${told.line}: a transaction's value is a list of micro-operations`);
      return;
    }
    const problem = this.#read(log, value ?? [], { number: log.count, status: outcome });
    if (problem !== undefined) this.notes.add(`line ${told.line}: ${problem}`);
    log.close({ status: outcome, process: Number(told.process), from, until, line: asked.line });
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
