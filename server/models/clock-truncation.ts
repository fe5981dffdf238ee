/**
 * Clock truncation as the paper describes it (Dynamo §4.4): with each pair goes the wall time of its last update, and
 * when there are more than a threshold, say ten, the pair that was updated longest ago is dropped. The paper admits
 * that ancestry is lost with it. No bucket here truncates, since dots are bounded without it; this is the model by
 * which its test measures what truncation would cost.
 */
import { vectorOf } from "../core/version-vector.ts";
import type { Actor, VersionVector } from "../core/versions.ts";

/** actor -> its counter, and the wall time at which it was last raised. */
export type StampedVector = ReadonlyMap<Actor, { readonly counter: number; readonly wallMs: number }>;

export const truncationThreshold = 10;

/** `vector` with the oldest pairs dropped until at most `threshold` are left; of one time the lesser actor goes first. */
export function truncated(vector: StampedVector, threshold: number): StampedVector {
  if (vector.size <= threshold) return vector;
  const byAge = [...vector].toSorted(([a, one], [b, other]) => one.wallMs - other.wallMs || (a < b ? -1 : 1));
  return new Map(byAge.slice(-threshold));
}

/**
 * The clock of a write by `actor` over `seen`, with nothing but `seen` to go by: whoever was dropped from it begins
 * at 1 again.
 */
export function writtenOver(seen: StampedVector, actor: Actor, wallMs: number): StampedVector {
  const counter = (seen.get(actor)?.counter ?? 0) + 1;
  return new Map([...seen, [actor, { counter, wallMs }]]);
}

/** Without the times, for comparison. */
export function plainVector(vector: StampedVector): VersionVector {
  return vectorOf([...vector].map(([actor, { counter }]) => [actor, counter]));
}
