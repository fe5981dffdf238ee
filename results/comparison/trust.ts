/**
 * How far comparisons on one machine can be trusted: from pairs of runs of one build, as many comparisons as wanted are
 * drawn again, as they are and with the candidate made slower by a factor. The first kind must find nothing, the
 * second kind the factor. Within a drawn pair chance decides which run is the candidate.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Measure } from "./measures.ts";
import { type RunPair, regressedFigures } from "./paired.ts";

export type TrustWish = {
  /** Pairs of each drawn comparison, and of its confirmation. */
  readonly pairCount: number;
  readonly comparisonCount: number;
  /** 1.2: latencies of the candidate a fifth longer. */
  readonly factor: number;
  readonly seed: number;
};

/** Counts of drawn comparisons. */
export type Trust = {
  readonly comparisonCount: number;
  /** Of equals: regressions of the first draw, for which a second set of pairs would have been run. */
  readonly suspicionCount: number;
  /** Those of them that the second draw confirmed. */
  readonly falseAlarmCount: number;
  /** Regressions that a second draw confirmed, of a candidate slower by the factor. */
  readonly foundCount: number;
};

/** `pool` holds at least `2 × pairCount` pairs, so that a comparison and its confirmation share none. */
export const trustOf = (pool: readonly RunPair[], wish: TrustWish): Trust => {
  const { pairCount, comparisonCount, factor, seed } = wish;
  const random = xoroshiro128plus(seed);
  const count = { comparisonCount, suspicionCount: 0, falseAlarmCount: 0, foundCount: 0 };
  for (let comparison = 0; comparison < comparisonCount; comparison++) {
    const drawn = shuffled(pool, random).map((pair) => turned(pair, random));
    const equals = alarmOf(drawn, pairCount, 1);
    if (equals !== "none") count.suspicionCount += 1;
    if (equals === "confirmed") count.falseAlarmCount += 1;
    if (alarmOf(drawn, pairCount, factor) === "confirmed") count.foundCount += 1;
  }
  return count;
};

/** What a comparison finds, and whether its confirmation finds the same figure worse. */
const alarmOf = (
  drawn: readonly RunPair[],
  pairCount: number,
  factor: number,
): "none" | "suspected" | "confirmed" => {
  const pairs = drawn
    .slice(0, 2 * pairCount)
    .map(({ baseline, candidate }) => ({ baseline, candidate: lengthened(candidate, factor) }));
  const first = regressedFigures(pairs.slice(0, pairCount));
  if (first.length === 0) return "none";
  const second = regressedFigures(pairs.slice(pairCount));
  return second.some((name) => first.includes(name)) ? "confirmed" : "suspected";
};

/** Latencies grow by the factor; what a request costs and the share of bad ones are left as they were. */
const lengthened = (side: readonly Measure[], factor: number): readonly Measure[] =>
  side.map((one) =>
    one.value === null || one.kind === "bad share" || one.kind === "CPU per request"
      ? one
      : { ...one, value: one.value * factor },
  );

const turned = (pair: RunPair, random: RandomGenerator): RunPair =>
  uniformInt(random, 0, 1) === 0 ? pair : { baseline: pair.candidate, candidate: pair.baseline };

/** Fisher and Yates. */
const shuffled = <T>(values: readonly T[], random: RandomGenerator): readonly T[] => {
  const left = [...values];
  return values.flatMap(() => left.splice(uniformInt(random, 0, left.length - 1), 1));
};
