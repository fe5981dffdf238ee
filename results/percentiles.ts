/**
 * Exact percentiles of a run's own samples, and silence where there are too few.
 *
 * The samples of one run fit into memory as numbers, so nothing has to be rounded into a histogram. The value of a
 * quantile is the smallest sample that at least that share of all samples does not exceed.
 */
import type { LatencyFigures } from "../checkers/service-level.ts";

/**
 * How many samples a percentile needs before it is named: three beyond it, so 300 for p99 and 3,000 for p99.9. With
 * fewer it is one request's luck.
 */
export const samplesFor = (quantile: number): number => Math.ceil(3 / (1 - quantile) - 1e-6);

/** Milliseconds, in any order. */
export const latencyFigures = (samples: Iterable<number>): LatencyFigures => {
  const ascending = Float64Array.from(samples).toSorted();
  return {
    p50: quantileOf(ascending, 0.5),
    p90: quantileOf(ascending, 0.9),
    p99: quantileOf(ascending, 0.99),
    p999: quantileOf(ascending, 0.999),
    max: ascending.at(-1) ?? null,
  };
};

/** Of ascending samples; null where `samplesFor` says there are too few. */
export const quantileOf = (ascending: Float64Array, quantile: number): number | null =>
  ascending.length < samplesFor(quantile) ? null : (ascending[rankOf(ascending.length, quantile)] ?? null);

const rankOf = (length: number, quantile: number): number =>
  Math.min(length - 1, Math.max(0, Math.ceil(length * quantile - 1e-9) - 1));
