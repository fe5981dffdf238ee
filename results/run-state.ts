/**
 * Whether a stored run has been judged, is still going, or was cut short.
 *
 * A run in progress writes its journal every second, and while it settles and judges every few seconds; one without
 * a verdict whose files have not been touched for longer was killed. Only the disk is asked, so that a run can be
 * watched from another terminal.
 */
import { stat } from "node:fs/promises";
import type { RunEntry } from "./store.ts";

export type RunState = "judged" | "going" | "cut-short";

/** Judging a large journal is the longest time in which a live run writes nothing. */
const silentMsMax = 120_000;

export const runState = async (entry: RunEntry, nowMs: number): Promise<RunState> => {
  if (entry.hasVerdict) return "judged";
  const touched = await Promise.all([entry.folder.journal, entry.folder.plan].map(modifiedMs));
  return nowMs - Math.max(...touched) <= silentMsMax ? "going" : "cut-short";
};

const modifiedMs = (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  );
