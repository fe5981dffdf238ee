/**
 * What a signed-rank test could have found: its answer to "how far apart would two things have to be, if their pairs
 * scattered as these do?". A comparison that cannot tell owes its reader that number, since "nothing was found" means
 * little on a machine where only a doubling would have been.
 */
import { hodgesLehmann, signedRankProbability } from "./signed-rank.ts";

/**
 * The least shift from which on differences with this scatter around their own middle have a probability below
 * `probabilityMax`. Infinite where so few can never have, however far they are shifted.
 */
export const smallestShift = (differences: readonly number[], probabilityMax: number): number => {
  if (2 ** -differences.length >= probabilityMax) return Number.POSITIVE_INFINITY;
  const middle = hodgesLehmann(differences);
  const scatter = differences.map((one) => one - middle);
  const isFound = (shift: number): boolean =>
    signedRankProbability(scatter.map((one) => one + shift)) < probabilityMax;
  // A greater shift lifts every rank that it changes, so halving finds where it begins to be enough.
  let low = 0;
  // A little beyond the widest, since a difference of exactly zero would not count.
  let high = 1.000_001 * scatter.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-9);
  for (let step = 0; step < 50; step++) {
    const half = (low + high) / 2;
    if (isFound(half)) high = half;
    else low = half;
  }
  return high;
};
