/**
 * A set of known events as a vector plus a cloud of single events beyond it.
 *
 * A vector alone can only say "1 to n". A client that wrote blindly has seen exactly one event, say the
 * seventh of its coordinator; calling that "1 to 7" would let its next write swallow six versions that it
 * never saw. The cloud keeps such events apart, and they melt into the vector as soon as the gap below them
 * is closed.
 */

import { covers, merge, raise } from "./version-vector.ts";
import type { Actor, CausalContext, Dot, VersionVector } from "./versions.ts";

export function compareDots(a: Dot, b: Dot): number {
  if (a.actor !== b.actor) return a.actor < b.actor ? -1 : 1;
  return a.counter - b.counter;
}

export function isSameDot(a: Dot, b: Dot): boolean {
  return a.counter === b.counter && a.actor === b.actor;
}

/** Whether the event is in the set. */
export function knows(context: CausalContext, dot: Dot): boolean {
  if ((context.vector.get(dot.actor) ?? 0) >= dot.counter) return true;
  return context.cloud.length > 0 && context.cloud.some((known) => isSameDot(known, dot));
}

/** Whether every event of `part` is in the set. */
export function knowsAll(context: CausalContext, part: CausalContext): boolean {
  return covers(context.vector, part.vector) && part.cloud.every((dot) => knows(context, dot));
}

/** The union, in canonical form. */
export function mergeContexts(a: CausalContext, b: CausalContext): CausalContext {
  const vector = merge(a.vector, b.vector);
  if (a.cloud.length === 0 && b.cloud.length === 0) return { vector, cloud: a.cloud };
  return compact(vector, [...a.cloud, ...b.cloud]);
}

/** The set with one more event. */
export function withDot(context: CausalContext, dot: Dot): CausalContext {
  const { vector, cloud } = context;
  if (cloud.length === 0 && (vector.get(dot.actor) ?? 0) + 1 === dot.counter) {
    return { vector: raise(vector, dot.actor, dot.counter), cloud };
  }
  return compact(vector, [...cloud, dot]);
}

/** The highest counter of `actor` in the set, 0 if there is none. */
export function highestCounter(context: CausalContext, actor: Actor): number {
  let highest = context.vector.get(actor) ?? 0;
  for (const dot of context.cloud) {
    if (dot.actor === actor && dot.counter > highest) highest = dot.counter;
  }
  return highest;
}

/** How many events the set holds. */
export function eventCount(context: CausalContext): number {
  let count = context.cloud.length;
  for (const counter of context.vector.values()) count += counter;
  return count;
}

/** Melts into the vector what joins it without a gap; sorts the rest and drops repetitions. */
function compact(vector: VersionVector, cloud: readonly Dot[]): CausalContext {
  let melted = vector;
  const rest: Dot[] = [];
  for (const dot of cloud.toSorted(compareDots)) {
    const known = melted.get(dot.actor) ?? 0;
    const last = rest.at(-1);
    if (dot.counter <= known || (last !== undefined && isSameDot(last, dot))) continue;
    if (dot.counter === known + 1) melted = raise(melted, dot.actor, dot.counter);
    else rest.push(dot);
  }
  return { vector: melted, cloud: rest };
}
