/**
 * What deletes took: versions that are gone by somebody's will. A tombstone is dropped in the end, so a delete may leave
 * no trace but the absence of all that it had seen.
 *
 * Absence, though, is what it must leave. Where an answer shows a version that a delete had seen, that delete has not
 * been done there, and explains nothing of what the same answer lacks.
 */
import type { History } from "../history/history.ts";
import { type Intervals, union } from "./intervals.ts";
import type { KeyDag } from "./version-dag.ts";

/** Deletes of the key that happened or may have, in order of invocation. */
const deletesOf = ({ requests, written }: History, dag: KeyDag): number[] =>
  dag.versions.filter((version) => {
    const row = written.row(version);
    return requests.kind(row) === "delete" && requests.outcome(row) !== "fail";
  });

/** Deletes that may be why the final reads, which together returned `seen`, do not show a version. */
export const deletesBehind = (history: History, dag: KeyDag, seen: readonly number[]): number[] => {
  const deletes = deletesOf(history, dag);
  if (deletes.length === 0) return deletes;
  const isUndone = dag.builtOn(seen);
  return deletes.filter((version) => isUndone[dag.position(version)] !== 1);
};

/** By position, what deletes may have taken from the read of `row`: those that were sent before it ended. */
export const takenFrom = (history: History, dag: KeyDag, row: number): Intervals => {
  const { requests, written } = history;
  const seen = [...requests.observed(row), ...requests.tombstones(row)];
  let taken: Intervals = [];
  for (const version of deletesOf(history, dag)) {
    if (requests.sent(written.row(version)) > requests.done(row)) continue;
    const known = dag.cover(dag.position(version));
    const isUndone = seen.some((other) => other !== version && dag.covers(known, other));
    if (!isUndone) taken = union(taken, known);
  }
  return taken;
};
