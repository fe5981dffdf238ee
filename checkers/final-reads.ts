/** The final reads of a key that were answered, and what they returned together. */
import type { History } from "./history/history.ts";

export type FinalReads = {
  /** Rows, ascending. */
  readonly rows: readonly number[];
  /** Versions and tombstones that any of them returned, each once. */
  readonly seen: readonly number[];
};

export const finalReadsOf = ({ requests, rowsOfKey }: History, key: number): FinalReads => {
  const rows: number[] = [];
  const seen = new Set<number>();
  for (const row of rowsOfKey(key)) {
    if (!requests.isFinal(row) || requests.outcome(row) !== "ok") continue;
    rows.push(row);
    for (const version of requests.observed(row)) seen.add(version);
    for (const version of requests.tombstones(row)) seen.add(version);
  }
  return { rows, seen: [...seen] };
};
