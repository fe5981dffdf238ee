/**
 * The transactions of a history as columns, one row a transaction, in order of completion; those that never
 * completed come last. What they read and wrote are their micro-operations, in columns of their own, whose meaning
 * the workload knows.
 */
import { IntegerList } from "../graph/integers.ts";

export const status = { ok: 0, unknown: 1, failed: 2 } as const;

export type LogRow = {
  readonly status: number;
  readonly process: number;
  readonly from: number;
  readonly until: number;
  readonly line: number;
};

export class TransactionLog {
  readonly statuses = new IntegerList();
  /** Number of the process, or -1 for a completion of nobody known. */
  readonly processes = new IntegerList();
  /** Positions of invocation and completion among the client events; -1 for none. Only an ok has a completion. */
  readonly from = new IntegerList();
  readonly until = new IntegerList();
  /** Line of the file, from 1, that a person is sent to. */
  readonly lines = new IntegerList();
  /** Micro-operations of transaction t are `starts[t] … starts[t + 1] - 1`. */
  readonly starts = new IntegerList();
  /** Twice the key's number, plus 1 for a write. */
  readonly codes = new IntegerList();
  /** What was read or written, in the workload's own numbers. */
  readonly values = new IntegerList();
  positionCount = 0;

  constructor() {
    this.starts.push(0);
  }

  get count(): number {
    return this.statuses.length;
  }

  /** Adds a row for the micro-operations pushed since the last one. */
  close(row: LogRow): void {
    this.statuses.push(row.status);
    this.processes.push(row.process);
    this.from.push(row.from);
    this.until.push(row.until);
    this.lines.push(row.line);
    this.starts.push(this.codes.length);
  }

  push(key: number, isWrite: boolean, value: number): void {
    this.codes.push(2 * key + (isWrite ? 1 : 0));
    this.values.push(value);
  }

  /** The transaction did or may have happened. */
  mayHaveHappened(transaction: number): boolean {
    return this.statuses.at(transaction) !== status.failed;
  }

  isOk(transaction: number): boolean {
    return this.statuses.at(transaction) === status.ok;
  }
}

export const keyOf = (code: number): number => code >> 1;
export const isWrite = (code: number): boolean => (code & 1) === 1;
