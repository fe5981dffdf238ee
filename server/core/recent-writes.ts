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
  // Nearly always: what was superseded just now is the latest, and the other side knows of nothing else.
  const grown = withLatest(a, superseded);
  if (grown !== undefined && isWithin(b, grown)) return grown;
  const byWriteId = new Map<string, RecentWrite>();
  for (const write of a) byWriteId.set(write.writeId, write);
  for (const write of b) remember(byWriteId, write);
  for (const write of superseded) remember(byWriteId, nameOf(write));
  return [...byWriteId.values()].toSorted(compareAges).slice(-recentCountMax);
}

/** `memory` and one write that is later than all in it, or none; undefined where there is more to it. */
function withLatest(
  memory: readonly RecentWrite[],
  superseded: readonly Sibling[],
): readonly RecentWrite[] | undefined {
  const [latest] = superseded;
  if (latest === undefined) return memory;
  const last = memory.at(-1);
  if (superseded.length > 1 || (last !== undefined && compareAges(last, latest) >= 0)) return undefined;
  if (remembers(memory, latest.writeId)) return undefined;
  return [...memory.slice(1 - recentCountMax), nameOf(latest)];
}

/** Whether `memory` knows each write of `part`, and as much of it: one walk tells, since both are in order of age. */
function isWithin(part: readonly RecentWrite[], memory: readonly RecentWrite[]): boolean {
  let at = memory.length;
  for (let index = part.length - 1; index >= 0; index -= 1) {
    const write = part[index];
    let known = memory[--at];
    while (known !== undefined && known.writeId !== write?.writeId) known = memory[--at];
    if (known === undefined || write === undefined || known.rank < write.rank) return false;
    if (!areWithin(write.dots, known.dots)) return false;
  }
  return true;
}

function areWithin(part: readonly Dot[], dots: readonly Dot[]): boolean {
  const one = part[0];
  const known = dots[0];
  if (part.length === 1 && one !== undefined && known !== undefined && isSameDot(one, known)) return true;
  return part.every((dot) => dots.some((other) => isSameDot(dot, other)));
}

/** Whether the memory holds a write of this name. */
export function remembers(memory: readonly RecentWrite[], writeId: string): boolean {
  for (const write of memory) if (write.writeId === writeId) return true;
  return false;
}

/** The siblings and the latest superseded writes of a state, as the context of a client names them. */
export function writesSeenIn({ siblings, recent }: KeyState): readonly RecentWrite[] {
  const alive = siblings.map(nameOf);
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

function nameOf({ writeId, dots, rank }: Sibling): RecentWrite {
  return { writeId, dots, rank };
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

function compareAges(a: Omit<RecentWrite, "dots">, b: Omit<RecentWrite, "dots">): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.writeId < b.writeId ? -1 : a.writeId > b.writeId ? 1 : 0;
}
