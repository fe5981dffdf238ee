/**
 * What becomes of the memory of superseded writes: a small set per key by which a late retry is recognised.
 *
 * A write may be applied, acknowledged too late, removed by somebody else and then retried. Taken as new it
 * would bring the removed value back. So each key keeps the ids of the last writes it superseded. "Last" must
 * mean the same on every replica, whatever the order of arrival: the entries with the highest rank win, and
 * the rank of a write is the number of events its coordinator knew, which grows along causality and needs no
 * clock.
 */
import { compareDots, isSameDot } from "./causal-context.ts";
import { type Dot, type KeyState, namedCountMax, type RecentWrite, type Sibling } from "./versions.ts";
import { WriteMemory } from "./write-memory.ts";

/** The union of both memories and of the siblings that were just superseded. */
export function mergeMemories(a: WriteMemory, b: WriteMemory, superseded: readonly Sibling[]): WriteMemory {
  // Nearly always: what was superseded just now is the latest, and the other side knows of nothing else.
  const grown = withLatest(a, superseded);
  if (grown !== undefined && (b.count === 0 || grown.equals(b))) return grown;
  return unionOf([...a.latest(), ...b.latest(), ...superseded]);
}

/** The union of a memory, of the writes that a client names, and of the siblings that were just superseded. */
export function rememberWrites(
  memory: WriteMemory,
  named: readonly RecentWrite[],
  superseded: readonly Sibling[],
): WriteMemory {
  const grown = withLatest(memory, superseded);
  if (grown !== undefined && isWithin(named, grown.latest(named.length))) return grown;
  return unionOf([...memory.latest(), ...named, ...superseded]);
}

/** `memory` and one write that is later than all in it, or none; undefined where there is more to it. */
function withLatest(memory: WriteMemory, superseded: readonly Sibling[]): WriteMemory | undefined {
  const [latest] = superseded;
  if (latest === undefined) return memory;
  const [last] = memory.latest(1);
  if (superseded.length > 1 || (last !== undefined && compareAges(last, latest) >= 0)) return undefined;
  return memory.find(latest.writeId) === undefined ? memory.and(latest) : undefined;
}

/** Whether `memory` knows each write of `part`, and as much of it: one walk tells, since both are in order of age. */
function isWithin(part: readonly RecentWrite[], memory: readonly RecentWrite[]): boolean {
  let at = memory.length;
  for (let index = part.length - 1; index >= 0; index -= 1) {
    const write = part[index];
    let known = memory[--at];
    while (known !== undefined && known.writeId !== write?.writeId) known = memory[--at];
    if (known === undefined || write === undefined || known.rank < write.rank) return false;
    if (mergeDots(known.dots, write.dots) !== known.dots) return false;
  }
  return true;
}

function unionOf(writes: readonly (RecentWrite | Sibling)[]): WriteMemory {
  const byWriteId = new Map<string, RecentWrite>();
  for (const write of writes) {
    const known = byWriteId.get(write.writeId);
    byWriteId.set(write.writeId, known === undefined ? nameOf(write) : mergeNames(known, write));
  }
  return WriteMemory.of([...byWriteId.values()].toSorted(compareAges));
}

/** The siblings and the latest superseded writes of a state, as the context of a client names them. */
export function writesSeenIn({ siblings, recent }: KeyState): readonly RecentWrite[] {
  return [...recent.latest(namedCountMax), ...siblings.map(nameOf)];
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

function nameOf({ writeId, dots, rank }: RecentWrite | Sibling): RecentWrite {
  return { writeId, dots, rank };
}

function mergeNames(a: RecentWrite, b: RecentWrite): RecentWrite {
  return { writeId: a.writeId, dots: mergeDots(a.dots, b.dots), rank: Math.max(a.rank, b.rank) };
}

function compareAges(a: Omit<RecentWrite, "dots">, b: Omit<RecentWrite, "dots">): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  return a.writeId < b.writeId ? -1 : a.writeId > b.writeId ? 1 : 0;
}
