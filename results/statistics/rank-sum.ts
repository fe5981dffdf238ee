/**
 * Wilcoxon's rank-sum statistic, which is Mann and Whitney's U (1947), exactly: whether the values of one side are
 * above those of the other when nothing pairs them. All ways to divide the ranks are counted, with middle ranks for
 * equals, so that no side has to be large.
 */
import { doubledRanks, medianOf } from "./signed-rank.ts";

/** How likely ranks of `upper` at least so high are, when both sides are alike. 1 when a side is empty. */
export const rankSumProbability = (lower: readonly number[], upper: readonly number[]): number => {
  if (lower.length === 0 || upper.length === 0) return 1;
  const ranks = doubledRanks([...lower, ...upper]);
  const observed = ranks.slice(lower.length).reduce((sum, rank) => sum + rank, 0);
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  // ways[chosen][sum]: how many choices of so many ranks have this sum.
  const ways = Array.from({ length: upper.length + 1 }, () => new Float64Array(total + 1));
  ways[0]?.fill(1, 0, 1);
  for (const rank of ranks)
    for (let chosen = upper.length; chosen >= 1; chosen--) {
      const from = ways[chosen - 1];
      const into = ways[chosen];
      if (from === undefined || into === undefined) continue;
      for (let sum = total; sum >= rank; sum--) into[sum] = (into[sum] ?? 0) + (from[sum - rank] ?? 0);
    }
  const last = ways[upper.length] ?? new Float64Array(0);
  return sumOf(last.subarray(observed)) / sumOf(last);
};

const sumOf = (counts: Float64Array): number => counts.reduce((sum, one) => sum + one, 0);

/** The median of all differences between a value above and one below; NaN when a side is empty. */
export const medianShift = (lower: readonly number[], upper: readonly number[]): number =>
  medianOf(upper.flatMap((above) => lower.map((below) => above - below)));
