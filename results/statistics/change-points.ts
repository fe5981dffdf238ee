/**
 * Where a series changed for good: E-Divisive (Matteson & James 2014), which parts a series where the energy distance
 * between both sides is greatest and believes it when chance, shuffling the values, seldom does better; then each part
 * is asked again. It assumes no distribution, and one odd night is no part of three.
 *
 * Values are compared as logarithms, since what matters is a ratio. Only the last `window` of a series are looked at:
 * an old regression that was accepted is the normal state after some weeks and not alarmed for ever.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { medianOf } from "./signed-rank.ts";

export type ChangePoint = {
  /** In the series, of the first value of the new part. */
  readonly index: number;
  /** Median after over median before. */
  readonly ratio: number;
  readonly probability: number;
};

export const changeRules = {
  window: 30,
  segmentMin: 3,
  probabilityMax: 0.01,
  ratioMin: 1.05,
  /** Enough that the smallest probability is a tenth of what is asked for. */
  shuffles: 999,
  /** Fixed, so that a series says the same every time it is asked. */
  seed: 20_070_101,
} as const;

/** In the order of the series, which must be positive throughout; others are left out and keep their index. */
export const changePoints = (series: readonly number[]): readonly ChangePoint[] => {
  const { window, ratioMin, seed } = changeRules;
  const places = series.flatMap((value, index) => (value > 0 && Number.isFinite(value) ? [index] : []));
  const recent = places.slice(-window);
  const logs = recent.map((index) => Math.log(series[index] ?? 1));
  const found = divisions(logs, 0, xoroshiro128plus(seed));
  const cuts = found.map(({ at }) => at).toSorted((a, b) => a - b);
  return cuts.flatMap((at, order) => {
    const before = logs.slice(cuts[order - 1] ?? 0, at);
    const after = logs.slice(at, cuts[order + 1]);
    const ratio = Math.exp(medianOf(after) - medianOf(before));
    const index = recent[at];
    const probability = found.find((one) => one.at === at)?.probability ?? 1;
    return index === undefined || Math.max(ratio, 1 / ratio) <= ratioMin
      ? []
      : [{ index, ratio, probability }];
  });
};

type Division = { readonly at: number; readonly probability: number };

const divisions = (part: readonly number[], offset: number, random: RandomGenerator): readonly Division[] => {
  const best = bestSplit(part);
  if (best === undefined) return [];
  let asGood = 1;
  const shuffled = [...part];
  for (let shuffle = 0; shuffle < changeRules.shuffles; shuffle++) {
    mix(shuffled, random);
    if ((bestSplit(shuffled)?.distance ?? 0) >= best.distance - 1e-12) asGood += 1;
  }
  const probability = asGood / (changeRules.shuffles + 1);
  if (probability >= changeRules.probabilityMax) return [];
  return [
    { at: offset + best.at, probability },
    ...divisions(part.slice(0, best.at), offset, random),
    ...divisions(part.slice(best.at), offset + best.at, random),
  ];
};

/** Fisher and Yates. */
const mix = (values: number[], random: RandomGenerator): void => {
  for (let last = values.length - 1; last > 0; last--) {
    const other = uniformInt(random, 0, last);
    const kept = values[last] ?? 0;
    values[last] = values[other] ?? 0;
    values[other] = kept;
  }
};

/** Where both sides are farthest apart, each at least `segmentMin` long; undefined when the part is too short. */
const bestSplit = (
  part: readonly number[],
): { readonly at: number; readonly distance: number } | undefined => {
  const { segmentMin } = changeRules;
  let best: { readonly at: number; readonly distance: number } | undefined;
  let left = 0;
  let between = 0;
  const sumTo = (index: number, from: number, until: number): number => {
    let sum = 0;
    for (let other = from; other < until; other++) sum += Math.abs((part[index] ?? 0) - (part[other] ?? 0));
    return sum;
  };
  let right = 0;
  for (let index = 0; index < part.length; index++) right += sumTo(index, 0, index);
  // Moving one value from the right side to the left changes the three sums by its distances alone.
  for (let at = 1; at <= part.length - segmentMin; at++) {
    const toLeft = sumTo(at - 1, 0, at - 1);
    const toRight = sumTo(at - 1, at, part.length);
    left += toLeft;
    right -= toRight;
    between += toRight - toLeft;
    if (at < segmentMin) continue;
    const distance = energy({ left, right, between, n: at, m: part.length - at });
    if (best === undefined || distance > best.distance) best = { at, distance };
  }
  return best;
};

/** From sums over pairs: each pair within a side once, each between the sides once. */
const energy = (sums: {
  readonly left: number;
  readonly right: number;
  readonly between: number;
  readonly n: number;
  readonly m: number;
}): number => {
  const { left, right, between, n, m } = sums;
  const apart = (2 * between) / (n * m) - (2 * left) / (n * (n - 1)) - (2 * right) / (m * (m - 1));
  return ((n * m) / (n + m)) * apart;
};
