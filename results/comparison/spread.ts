/**
 * Whether the shape of the latencies changed, whatever became of their middle: a store whose answers are as fast as
 * before in the median, and more of them late, has another spread.
 *
 * Each run is divided by its own median, so that neither a slower build nor a slower minute of the machine counts as
 * shape. The distance is that of Kolmogorov and Smirnov: the most by which the shares of requests below some multiple
 * of the median differ, in the mean over the runs of a side. How likely it is between equals comes from exchanging the
 * two runs of whole pairs in all ways, since requests of one run are not independent and Kolmogorov's own tables would
 * alarm three times in ten. It is shown beside what decides, and decides nothing.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { History } from "../../checkers/history/history.ts";
import { acknowledged, groupsOf, steadyPhases } from "./measures.ts";

/** The operations whose latencies are compared request by request. */
export const latencyOperations = ["get", "put"] as const;
type Operation = (typeof latencyOperations)[number];

/** Milliseconds of the acknowledged requests of a run's steady phases, in the order in which they were due. */
export type SteadyLatencies = Readonly<Record<Operation, Float64Array>>;

export const steadyLatencies = (history: History): SteadyLatencies => {
  const groups = groupsOf(history).filter(({ phase }) => phase === steadyPhases);
  const of = (operation: Operation): Float64Array =>
    acknowledged(groups.find((group) => group.operation === operation)?.requests ?? []);
  return { get: of("get"), put: of("put") };
};

/** Both runs of a pair, as `RunPair` has their figures. */
export type LatencyPair = { readonly baseline: SteadyLatencies; readonly candidate: SteadyLatencies };

export type Spread = {
  readonly operation: Operation;
  /** From 0, equal, to 1: the share of requests that lie elsewhere. */
  readonly distance: number;
  /** How likely at least such a distance is between equals. */
  readonly probability: number;
  readonly isChanged: boolean;
};

const probabilityMax = 0.01;
/** Less is no change worth a word, however certain it is: one request in twenty. */
const distanceMin = 0.05;
/** Up to so many pairs all exchanges are tried, 1,024 of them; with more as many are drawn. */
const exhaustiveMax = 10;

/** An entry an operation of which every run has requests. `seed` decides what is drawn. */
export const spreadsOf = (pairs: readonly LatencyPair[], seed: number): readonly Spread[] =>
  latencyOperations.flatMap((operation) => {
    const sides = pairs.map(
      ({ baseline, candidate }) => [baseline[operation], candidate[operation]] as const,
    );
    if (sides.length === 0 || sides.some((both) => both.some(({ length }) => length === 0))) return [];
    const differences = sides.map(([baseline, candidate]) => difference(baseline, candidate));
    const distance = distanceOf(differences, () => false);
    const exchanges = exchangesOf(differences.length, seed);
    const asFar = exchanges.filter((exchange) => distanceOf(differences, exchange) >= distance - 1e-12);
    const probability = asFar.length / exchanges.length;
    return [
      { operation, distance, probability, isChanged: probability < probabilityMax && distance > distanceMin },
    ];
  });

/** Of the candidate's and the baseline's share of requests below each multiple of their own medians. */
const difference = (baseline: Float64Array, candidate: Float64Array): Float64Array => {
  const [below, other] = [sharesBelow(baseline), sharesBelow(candidate)];
  return other.map((share, bin) => share - (below[bin] ?? 0));
};

/** Multiples from e^-4 to e^4 of the median, in steps of 0.8 %; what lies outside is counted at the ends. */
const binCount = 1_000;
const binsPerUnit = 125;

const sharesBelow = (latencies: Float64Array): Float64Array => {
  const median = latencies.toSorted()[Math.floor(latencies.length / 2)] ?? 1;
  const shares = new Float64Array(binCount);
  for (const ms of latencies) {
    const bin = Math.floor(Math.log(ms / median) * binsPerUnit) + binCount / 2;
    // A latency or median of zero has no logarithm; the lowest bin is where it belongs.
    const place = Number.isNaN(bin) ? 0 : Math.min(binCount - 1, Math.max(0, bin));
    shares[place] = (shares[place] ?? 0) + 1 / latencies.length;
  }
  let sum = 0;
  return shares.map((share) => (sum += share));
};

/** Whether the runs of a pair change sides. */
type Exchange = (pair: number) => boolean;

const distanceOf = (differences: readonly Float64Array[], isExchanged: Exchange): number => {
  const total = new Float64Array(binCount);
  for (const [pair, one] of differences.entries()) {
    const sign = isExchanged(pair) ? -1 : 1;
    for (let bin = 0; bin < binCount; bin++) total[bin] = (total[bin] ?? 0) + sign * (one[bin] ?? 0);
  }
  return total.reduce((most, one) => Math.max(most, Math.abs(one)), 0) / differences.length;
};

/** None is among them, so that no probability is ever zero. */
const exchangesOf = (pairCount: number, seed: number): readonly Exchange[] => {
  if (pairCount <= exhaustiveMax)
    return Array.from(
      { length: 2 ** pairCount },
      (_, pattern) => (pair) => Math.floor(pattern / 2 ** pair) % 2 === 1,
    );
  const random = xoroshiro128plus(seed);
  const drawn = Array.from({ length: 2 ** exhaustiveMax - 1 }, (): Exchange => {
    const turned = Array.from({ length: pairCount }, () => uniformInt(random, 0, 1) === 1);
    return (pair) => turned[pair] === true;
  });
  return [() => false, ...drawn];
};

/** "get: the spread beside the median changed; at most 12.0 % of the requests lie elsewhere (p 0.002)." */
export const spreadSentence = ({ operation, distance, probability, isChanged }: Spread): string =>
  `${operation}: the spread beside the median ${isChanged ? "changed" : "is as it was"}; at most ${(100 * distance).toFixed(1)} % of the requests lie elsewhere (p ${probability.toFixed(3)}).`;
