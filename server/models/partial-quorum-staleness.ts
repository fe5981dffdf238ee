/**
 * How stale partial quorums are (Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012), for R + W
 * <= N.
 *
 * A write reaches replica i after W ms, whose acknowledgement takes A more; it is done with the W-th
 * acknowledgement. A read begun t ms later asks all N: its question takes R ms, the answer S, and the first R
 * answers count. It sees the write if one of those replicas had it when asked.
 */
import type { Chance } from "./chance.ts";

/** A delay in ms by chance. */
export type Delay = (chance: Chance) => number;

/** The four legs; `write` alone differs from the rest in what was fitted to real stores. */
export type Legs = { readonly write: Delay; readonly other: Delay };

export type PartialQuorum = { readonly n: number; readonly r: number; readonly w: number };

/** With `share` a Pareto of this scale and shape, else exponential of this rate. */
export function mixed({
  share,
  scale,
  shape,
  rate,
}: {
  readonly share: number;
  readonly scale: number;
  readonly shape: number;
  readonly rate: number;
}): Delay {
  return (chance) => {
    const isPareto = chance() < share;
    const rest = 1 - chance();
    return isPareto ? scale / rest ** (1 / shape) : -Math.log(rest) / rate;
  };
}

/** The delays fitted there to LinkedIn's stores on disk and on SSD, and to Yammer's. */
const ssd = mixed({ share: 0.9122, scale: 0.235, shape: 10, rate: 1.66 });
export const fitted = {
  linkedInDisk: { write: mixed({ share: 0.38, scale: 1.05, shape: 1.51, rate: 0.183 }), other: ssd },
  linkedInSsd: { write: ssd, other: ssd },
  yammer: {
    write: mixed({ share: 0.939, scale: 3, shape: 3.35, rate: 0.0028 }),
    other: mixed({ share: 0.982, scale: 1.5, shape: 3.8, rate: 0.0217 }),
  },
} satisfies Record<string, Legs>;

/** The share of reads, begun `afterMs` after the write was done, that see it; of `trials` tried. */
export function consistentShare(
  { n, r, w }: PartialQuorum,
  legs: Legs,
  trial: { readonly afterMs: number; readonly trials: number; readonly chance: Chance },
): number {
  const { chance, afterMs, trials } = trial;
  let seen = 0;
  for (let count = 0; count < trials; count++) {
    const writes = Array.from({ length: n }, () => legs.write(chance));
    const doneMs = nth(
      writes.map((arrival) => arrival + legs.other(chance)),
      w,
    );
    const reads = writes.map((arrivalMs) => {
      const askedMs = legs.other(chance);
      return { sees: doneMs + afterMs + askedMs >= arrivalMs, answeredMs: askedMs + legs.other(chance) };
    });
    const first = reads.toSorted((a, b) => a.answeredMs - b.answeredMs).slice(0, r);
    if (first.some(({ sees }) => sees)) seen += 1;
  }
  return seen / trials;
}

/** The chance that a read is at most `versions` versions behind, if every write is on W replicas alone. */
export function withinVersions({ n, r, w }: PartialQuorum, versions: number): number {
  return 1 - (choose(n - w, r) / choose(n, r)) ** versions;
}

function nth(numbers: readonly number[], position: number): number {
  return numbers.toSorted((a, b) => a - b)[position - 1] ?? Number.POSITIVE_INFINITY;
}

function choose(from: number, count: number): number {
  if (count > from) return 0;
  return Array.from({ length: count }, (_, index) => (from - index) / (index + 1)).reduce((a, b) => a * b, 1);
}
