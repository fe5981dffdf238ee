/**
 * What a read should have shown and did not, as `freshness` and `sessions` ask alike: without what deletes may have
 * taken, and told apart whether a damaged disk explains it.
 */
import { isExplained } from "./forgetting.ts";
import { takenFrom } from "./graph/deletes.ts";
import { contains, eachMissing, type Intervals } from "./graph/intervals.ts";
import type { KeyDag } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";

export type Missing = {
  /** The clearest of the missed versions. */
  readonly version: number;
  /** How many were missed, counted to `countMax` at least. */
  readonly count: number;
  /** Whether all of them are explained by faults. */
  readonly isExcused: boolean;
};

/** A read, by positions: what it should have shown, what it has shown. */
type Asked = {
  readonly row: number;
  readonly expected: Intervals;
  readonly cover: Intervals;
  readonly countMax: number;
};

/** Undefined when nothing is missing that was not deleted. */
export const missingFrom = (
  history: History,
  dag: KeyDag,
  { row, expected, cover, countMax }: Asked,
): Missing | undefined => {
  let deleted: Intervals | undefined;
  let count = 0;
  let first = -1;
  let unexplained = -1;
  eachMissing(expected, cover, (position) => {
    deleted ??= takenFrom(history, dag, row);
    if (contains(deleted, position)) return true;
    const version = dag.versions[position] ?? -1;
    count += 1;
    if (first < 0) first = version;
    if (unexplained < 0 && !isExplained(history, { write: history.written.row(version), read: row }))
      unexplained = version;
    return count < countMax || unexplained < 0;
  });
  if (count === 0) return undefined;
  return { version: unexplained < 0 ? first : unexplained, count, isExcused: unexplained < 0 };
};
