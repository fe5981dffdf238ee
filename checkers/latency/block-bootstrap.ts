/**
 * How high a rate may be when its bad requests come in clusters. A stall makes neighbours slow together, so requests
 * are no independent draws and a binomial bound is too narrow. Whole seconds are drawn instead, with replacement:
 * what hangs together stays together (Künsch 1989, in its plainest form).
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { alpha } from "./clopper-pearson.ts";

/** One second of a phase. */
export type Block = { readonly bad: number; readonly count: number };

const resamples = 1000;

/** The rate that 95 of 100 resamples do not exceed; 1 for no request at all. The same seed, the same bound. */
export const bootstrapUpperBound = (blocks: readonly Block[], seed: number): number => {
  const filled = blocks.filter(({ count }) => count > 0);
  if (filled.length === 0) return 1;
  if (filled.every(({ bad }) => bad === 0)) return 0;
  const random = xoroshiro128plus(seed);
  const rates = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let bad = 0;
    let count = 0;
    for (let draw = 0; draw < filled.length; draw++) {
      const block = filled[uniformInt(random, 0, filled.length - 1)];
      bad += block?.bad ?? 0;
      count += block?.count ?? 0;
    }
    rates[resample] = bad / count;
  }
  rates.sort();
  return rates[Math.ceil((1 - alpha) * resamples) - 1] ?? 1;
};
