/**
 * The percentile bootstrap (Efron 1979): what a statistic might have been, had chance drawn others of the same kind.
 * What is drawn must be independent, so it is whole pairs, whole runs or whole seconds here, never single requests.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export type Interval = { readonly low: number; readonly high: number };

/**
 * The middle 90 % of `statistic` over `resamples` draws of `sizes` indices, with replacement: one list of indices for
 * each size, such as baseline and candidate. The same seed gives the same interval. Values that are no number are left
 * out; NaN when nothing is left.
 */
export const bootstrapInterval = (
  sizes: readonly number[],
  statistic: (draws: readonly Int32Array[]) => number,
  { seed, resamples = 1_000 }: { readonly seed: number; readonly resamples?: number },
): Interval => {
  const random = xoroshiro128plus(seed);
  const draws = sizes.map((size) => new Int32Array(size));
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    for (const draw of draws)
      for (let index = 0; index < draw.length; index++) draw[index] = uniformInt(random, 0, draw.length - 1);
    const value = statistic(draws);
    if (!Number.isNaN(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  return {
    low: values[Math.floor(0.05 * values.length)] ?? Number.NaN,
    high: values[Math.ceil(0.95 * values.length) - 1] ?? Number.NaN,
  };
};
