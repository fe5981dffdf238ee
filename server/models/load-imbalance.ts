/**
 * Figure 6 of the paper: the share of nodes whose requests are more than 15 % off the mean, at low and at
 * high load.
 *
 * Requests choose keys by Zipf's law and one of the N nodes of the key by chance. Under low load few keys are
 * asked for and chance decides; under high load it evens out and only popularity is left, which many hot keys
 * spread. One hot key alone nobody spreads further than over its N nodes.
 */
import { positionOf } from "../core/hash.ts";
import { partitionAt, type Ring } from "../core/ring.ts";
import { type Chance, pick } from "./chance.ts";

export type Traffic = {
  readonly keyCount: number;
  /** Zipf's exponent: 0 is even. */
  readonly skew: number;
  readonly requestCount: number;
};

/** Node -> requests of one window, in the order of the ring's members. */
export function requestsByNode(
  ring: Ring,
  { keyCount, skew, requestCount }: Traffic,
  { copies, chance }: { readonly copies: number; readonly chance: Chance },
): readonly number[] {
  const popularity = cumulated(Array.from({ length: keyCount }, (_, rank) => 1 / (rank + 1) ** skew));
  const counts = new Map(ring.members.map((node) => [node, 0]));
  for (let request = 0; request < requestCount; request++) {
    const key = indexAt(popularity, chance() * (popularity.at(-1) ?? 0));
    const homes = ring.orders[partitionAt(ring, positionOf("carts", `key ${key}`))]?.slice(0, copies) ?? [];
    const node = homes[pick(chance, homes.length)] ?? "";
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  return [...counts.values()];
}

/** The share of nodes more than `threshold` (a share of the mean) off the mean. */
export function imbalance(counts: readonly number[], threshold: number): number {
  const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
  return counts.filter((count) => Math.abs(count - mean) > threshold * mean).length / counts.length;
}

function cumulated(weights: readonly number[]): readonly number[] {
  let total = 0;
  return weights.map((weight) => (total += weight));
}

/** The first index whose cumulated weight is above `at`. */
function indexAt(cumulatedWeights: readonly number[], at: number): number {
  let low = 0;
  let high = cumulatedWeights.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulatedWeights[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
