/**
 * What a damaged disk explains of a read that missed an acknowledged write.
 *
 * A home that was put back to an older state counts on as a home, and is behind. One whose records are damaged has no
 * answer until somebody brings the key back, and who brings it may be behind. So a read may miss what such a home had
 * acknowledged before.
 *
 * Nothing else is explained: not a miss of what was written after the damage was done, nor of what so many other homes
 * acknowledged that every read meets one of them. And where damage shows by checksums, not a read that found nothing
 * at all: who has forgotten must not say that there was nothing, and nobody is mended with nothing.
 */
import { type Fault, namesOf } from "./history/faults.ts";
import type { History } from "./history/history.ts";

/** Rows of a write and of a read that missed it. */
export type Miss = { readonly write: number; readonly read: number };

/** Whether the read need not have met a home that had acknowledged the write and still knew it. */
export const isExplained = (history: History, { write, read }: Miss): boolean => {
  const { requests, run, faults } = history;
  if (run === undefined) return false;
  const foundNothing = requests.observed(read).length + requests.tombstones(read).length === 0;
  const forgetful = faults.filter(
    (fault) =>
      isForgetting(fault, foundNothing) &&
      fault.beganAt <= requests.done(read) &&
      (fault.healedAt ?? Infinity) >= requests.sent(write),
  );
  const forgot = new Set(forgetful.flatMap(({ nodes }) => nodes));
  const homes = requests.acknowledged(write).filter(({ role }) => role === "home");
  const kept = homes.filter(({ node }) => !forgot.has(node)).length;
  const { n, r, pr, sloppy } = run.promises;
  const answering = sloppy ? pr : Math.max(r, pr);
  return kept < homes.length && kept + answering <= n;
};

const isForgetting = (fault: Fault, foundNothing: boolean): boolean => {
  if (fault.stage === "skipped") return false;
  // By its kind: records that their checksums give away. As the harm of a disk: files, from which records may vanish.
  if (fault.kind === "corruption") return !foundNothing;
  return namesOf(fault).some((name) => name === "restore-backup" || name === "corruption");
};

/** When the first fault began after which a home may have forgotten; Infinity of a run without one. */
export const forgettingFrom = ({ faults }: History): number =>
  Math.min(...faults.filter((fault) => isForgetting(fault, false)).map(({ beganAt }) => beganAt));
