/**
 * Exact percentiles of a run's own samples, and silence where there are too few.
 *
 * The samples of one run fit into memory as numbers, so nothing has to be rounded into a histogram. The value of a
 * quantile is the smallest sample that at least that share of all samples does not exceed.
 */
import type { LatencyPercentiles } from "./run-record.ts";

/**
 * How many samples a percentile needs before it is named: three beyond it, so 300 for p99 and 3,000 for p99.9. With
 * fewer it is one request's luck. Half of that many, and at least 20, for p50.
 */
export const samplesFor = (quantile: number): number => Math.max(20, Math.ceil(3 / (1 - quantile) - 1e-6));

/** Milliseconds in any order; they are sorted in place. */
export const latencyPercentiles = (samples: Float64Array): LatencyPercentiles => {
  samples.sort();
  return {
    p50: quantileOf(samples, 0.5),
    p90: quantileOf(samples, 0.9),
    p99: quantileOf(samples, 0.99),
    p999: quantileOf(samples, 0.999),
    max: samples.at(-1) ?? null,
  };
};

/** Of ascending samples; null where `samplesFor` says there are too few. */
export const quantileOf = (ascending: Float64Array, quantile: number): number | null =>
  ascending.length < samplesFor(quantile) ? null : (ascending[rankOf(ascending.length, quantile)] ?? null);

const rankOf = (length: number, quantile: number): number =>
  Math.min(length - 1, Math.max(0, Math.ceil(length * quantile - 1e-9) - 1));
