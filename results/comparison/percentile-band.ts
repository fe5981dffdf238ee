/**
 * Both distributions of a comparison with the room that its pairs leave them.
 *
 * Runs of one build lie further apart than most builds do, and what moves a whole pair (a busy minute of the machine)
 * says nothing of its two halves. So the lines are not those of single runs, and the band is none of runs: at each
 * percentile the ratio of the two runs is taken within each pair, its middle (Hodges & Lehmann) leads from the
 * baseline's median over pairs to the candidate's line, and the band is that line with the ratio drawn again, whole
 * pairs at a time. Where the baseline's line leaves the band, the builds differ by more than the pairs do.
 */
import { quantileOf } from "../percentiles.ts";
import { bootstrapInterval } from "../statistics/bootstrap.ts";
import { hodgesLehmann, medianOf } from "../statistics/signed-rank.ts";
import { pairsMin } from "./paired.ts";
import { type LatencyPair, latencyOperations } from "./spread.ts";

/** Milliseconds at one quantile; `lowMs` to `highMs` holds the candidate with 90 % confidence, given the baseline. */
export type BandPoint = {
  readonly quantile: number;
  readonly baselineMs: number;
  readonly candidateMs: number;
  readonly lowMs: number;
  readonly highMs: number;
};

export type PercentileBand = {
  readonly operation: (typeof latencyOperations)[number];
  readonly pairCount: number;
  /** Ascending by quantile, as far as every run has three requests beyond it. */
  readonly points: readonly BandPoint[];
};

const pointsPerDecade = 10;
const resamples = 400;

/** An entry an operation that every run has requests enough of; none of too few pairs. `seed` decides what is drawn. */
export const percentileBands = (pairs: readonly LatencyPair[], seed: number): readonly PercentileBand[] =>
  pairs.length < pairsMin
    ? []
    : latencyOperations.flatMap((operation) => {
        const ascending = pairs.map(({ baseline, candidate }) => ({
          baseline: baseline[operation].toSorted(),
          candidate: candidate[operation].toSorted(),
        }));
        const points = quantiles.flatMap((quantile) => pointAt(ascending, quantile, seed));
        return points.length < 2 ? [] : [{ operation, pairCount: pairs.length, points }];
      });

/** Ten a decade of 1/(1 − q), to p99.999. */
const quantiles = Array.from(
  { length: 5 * pointsPerDecade },
  (_, step) => 1 - 10 ** (-(step + 1) / pointsPerDecade),
);

type AscendingPair = { readonly baseline: Float64Array; readonly candidate: Float64Array };

/** None where a run has too few requests beyond the quantile. */
const pointAt = (pairs: readonly AscendingPair[], quantile: number, seed: number): readonly BandPoint[] => {
  const values = pairs.flatMap(({ baseline, candidate }) => {
    const [before, after] = [quantileOf(baseline, quantile), quantileOf(candidate, quantile)];
    return before === null || after === null || before <= 0 || after <= 0 ? [] : [{ before, after }];
  });
  if (values.length < pairs.length) return [];
  const logs = values.map(({ before, after }) => Math.log(after / before));
  const baselineMs = medianOf(values.map(({ before }) => before));
  const { low, high } = bootstrapInterval(
    [logs.length],
    ([draw]) => hodgesLehmann([...(draw ?? [])].map((index) => logs[index] ?? 0)),
    { seed, resamples },
  );
  return [
    {
      quantile,
      baselineMs,
      candidateMs: baselineMs * Math.exp(hodgesLehmann(logs)),
      lowMs: baselineMs * Math.exp(low),
      highMs: baselineMs * Math.exp(high),
    },
  ];
};
