/**
 * The concurrent versions of one key as a canonical list: what both ways of telling versions apart share.
 *
 * Two copies of one write, told by its write id, become one sibling. Everything is decided by content, never
 * by which side a copy came from, so that replicas agree whatever the order in which they hear of each other.
 */
import { compareDots } from "./causal-context.ts";
import { mergeDots } from "./recent-writes.ts";
import type { Dot, KeyState, Sibling } from "./versions.ts";

/** Ascending by first dot, then write id. */
export function compareSiblings(a: Sibling, b: Sibling): number {
  const byDot = compareDots(firstDot(a.dots), firstDot(b.dots));
  if (byDot !== 0) return byDot;
  return a.writeId < b.writeId ? -1 : a.writeId > b.writeId ? 1 : 0;
}

/** The dot by which a write is known; a list without one breaks an invariant of the state. */
export function firstDot(dots: readonly Dot[]): Dot {
  const first = dots[0];
  if (first === undefined) throw new Error("a version without a dot");
  return first;
}

/** The dot that a write with this id already has here, live or superseded. */
export function dotOfWrite(state: KeyState, writeId: string): Dot | undefined {
  const known = state.siblings.find((sibling) => sibling.writeId === writeId) ?? state.recent.find(writeId);
  return known === undefined ? undefined : firstDot(known.dots);
}

/**
 * Two copies of one write as one. Bytes and wall clocks of copies differ only where a client used an id twice
 * or a retry was coordinated elsewhere; the greater bytes and the earlier clock are kept, so that replicas
 * agree.
 */
export function mergeCopies(a: Sibling, b: Sibling): Sibling {
  if (a === b) return a;
  const kept = compareValues(a.value, b.value) >= 0 ? a : b;
  return {
    ...kept,
    dots: mergeDots(a.dots, b.dots),
    rank: Math.max(a.rank, b.rank),
    wallMs: Math.min(a.wallMs, b.wallMs),
  };
}

/** Byte order; a tombstone is less than every value. */
export function compareValues(a: Uint8Array | null, b: Uint8Array | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return Buffer.compare(a, b);
}
