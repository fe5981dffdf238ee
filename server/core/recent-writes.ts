/**
 * The memory of superseded writes: a small set per key by which a late retry is recognised.
 *
 * A write may be applied, acknowledged too late, removed by somebody else and then retried. Taken as new it
 * would bring the removed value back. So each key keeps the ids of the last writes it superseded. "Last" must
 * mean the same on every replica, whatever the order of arrival: the entries with the highest rank win, and
 * the rank of a write is the number of events its coordinator knew, which grows along causality and needs no
 * clock.
 */
import { compareDots, isSameDot } from "./causal-context.ts";
import {
  type Dot,
  type KeyState,
  namedCountMax,
  type RecentWrite,
  recentCountMax,
  type Sibling,
} from "./versions.ts";

/**
 * The union of both memories and of the siblings that were just superseded, cut to the latest
 * `recentCountMax`.
 */
export function rememberWrites(
  a: readonly RecentWrite[],
  b: readonly RecentWrite[],
  superseded: readonly Sibling[],
): readonly RecentWrite[] {
  if (superseded.length === 0 && (b.length === 0 || a === b)) return a;
  if (superseded.length === 0 && a.length === 0) return b;
  const byWriteId = new Map<string, RecentWrite>();
  for (const write of a) byWriteId.set(write.writeId, write);
  for (const write of b) remember(byWriteId, write);
  for (const { writeId, dots, rank } of superseded) remember(byWriteId, { writeId, dots, rank });
  return [...byWriteId.values()].toSorted(compareAges).slice(-recentCountMax);
}

/** The siblings and the latest superseded writes of a state, as the context of a client names them. */
export function writesSeenIn({ siblings, recent }: KeyState): readonly RecentWrite[] {
  const alive = siblings.map(({ writeId, dots, rank }) => ({ writeId, dots, rank }));
  return recent.length === 0 ? alive : [...recent.slice(-namedCountMax), ...alive];
}

/** The names of a context and one more, the latest. */
export function writesSeenAfter(
  writes: readonly RecentWrite[],
  written: RecentWrite,
): readonly RecentWrite[] {
  return [...writes.filter(({ writeId }) => writeId !== written.writeId).slice(-namedCountMax), written];
}

/** The union of two dot lists, sorted. */
export function mergeDots(a: readonly Dot[], b: readonly Dot[]): readonly Dot[] {
  const added = b.filter((dot) => !a.some((known) => isSameDot(known, dot)));
  return added.length === 0 ? a : [...a, ...added].toSorted(compareDots);
}

function remember(byWriteId: Map<string, RecentWrite>, write: RecentWrite): void {
  const known = byWriteId.get(write.writeId);
  if (known === undefined) {
    byWriteId.set(write.writeId, write);
    return;
  }
  byWriteId.set(write.writeId, {
    writeId: write.writeId,
    dots: mergeDots(known.dots, write.dots),
    rank: Math.max(known.rank, write.rank),
  });
}

function compareAges(a: RecentWrite, b: RecentWrite): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.writeId < b.writeId ? -1 : a.writeId > b.writeId ? 1 : 0;
}
