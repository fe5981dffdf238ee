/**
 * Version vectors: which events of which actor are known (Dynamo §4.4, where they are called vector clocks).
 *
 * A vector is a map whose missing entries are 0; A is an ancestor of B if every counter of A is at most B's.
 * Every function here returns a map in ascending order of actor, so equal vectors have equal bytes and equal
 * hashes.
 */
import type { Actor, VersionVector } from "./versions.ts";

export type Ordering = "before" | "after" | "equal" | "concurrent";

/** A vector of these entries; entries of 0 are left out. */
export function vectorOf(entries: Iterable<readonly [Actor, number]>): VersionVector {
  const kept = [...entries].filter(([, counter]) => counter > 0);
  return new Map(kept.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Whether everything `b` knows is known to `a`. */
export function covers(a: VersionVector, b: VersionVector): boolean {
  if (a === b) return true;
  for (const [actor, counter] of b) {
    if ((a.get(actor) ?? 0) < counter) return false;
  }
  return true;
}

/** How `a` stands to `b`: `before` means that `b` descends from `a`. */
export function compare(a: VersionVector, b: VersionVector): Ordering {
  const aCovers = covers(a, b);
  const bCovers = covers(b, a);
  if (aCovers && bCovers) return "equal";
  if (aCovers) return "after";
  return bCovers ? "before" : "concurrent";
}

/** The pointwise maximum: the least vector that covers both. */
export function merge(a: VersionVector, b: VersionVector): VersionVector {
  if (covers(a, b)) return a;
  if (covers(b, a)) return b;
  const larger = new Map(a);
  for (const [actor, counter] of b) larger.set(actor, Math.max(counter, a.get(actor) ?? 0));
  return vectorOf(larger);
}

/** `vector` with the entry of `actor` raised to `counter`; an entry already as high stays. */
export function raise(vector: VersionVector, actor: Actor, counter: number): VersionVector {
  const known = vector.get(actor);
  if (known !== undefined && known >= counter) return vector;
  const raised = new Map(vector).set(actor, counter);
  return known === undefined ? vectorOf(raised) : raised;
}

/** `vector` with one more event of `actor`. */
export function increment(vector: VersionVector, actor: Actor): VersionVector {
  return raise(vector, actor, (vector.get(actor) ?? 0) + 1);
}
