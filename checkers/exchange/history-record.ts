/**
 * One event of a history of any store, whatever format it was read from: an invocation or a completion of one
 * process. The order of the records is the order of the events; times only witness that the file was not shuffled.
 */
import type { Datum } from "./datum.ts";

export type RecordType = "invoke" | "ok" | "fail" | "info";

export type HistoryRecord = {
  readonly type: RecordType;
  /** A client's number; a name for anything else, as "nemesis". */
  readonly process: number | string;
  /** The function, without a colon; "" when the record has none. */
  readonly f: string;
  readonly value: Datum;
  /** Nanoseconds in Jepsen's files; -1 when there is none. Only ever compared. */
  readonly time: number;
  /** The record's own number; -1 when it has none. */
  readonly index: number;
  /** Line of the file, from 1. */
  readonly line: number;
};

/** What could not be read, where and why. `isTorn`: the file ends in the middle of a record. */
export type ReadProblem = { readonly line: number; readonly reason: string; readonly isTorn: boolean };

/** Characters of one record; a longer one is refused. */
export const recordLimit = 1 << 26;

export const recordTypeNamed = (name: string | undefined): RecordType | undefined =>
  name === "invoke" || name === "ok" || name === "fail" || name === "info" ? name : undefined;
