/** Many latencies as the few numbers that the paper prints: mean, 99th and 99.9th percentile. */

export type Latencies = {
  readonly count: number;
  readonly meanMs: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
};

/** All zero where there is no request. A percentile is the smallest latency that the share of requests did not exceed. */
export function latenciesOf(timesMs: readonly number[]): Latencies {
  const sorted = Float64Array.from(timesMs).toSorted();
  const count = sorted.length;
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0;
  const sum = sorted.reduce((total, ms) => total + ms, 0);
  return { count, meanMs: count === 0 ? 0 : sum / count, p99Ms: at(0.99), p999Ms: at(0.999) };
}

/** Pearson's correlation of two rows of equal length, -1 to 1; 0 where either of them never changes. */
export function correlation(one: readonly number[], other: readonly number[]): number {
  const meanOne = meanOf(one);
  const meanOther = meanOf(other);
  let together = 0;
  let squaresOne = 0;
  let squaresOther = 0;
  for (const [index, value] of one.entries()) {
    const fromOne = value - meanOne;
    const fromOther = (other[index] ?? 0) - meanOther;
    together += fromOne * fromOther;
    squaresOne += fromOne ** 2;
    squaresOther += fromOther ** 2;
  }
  const spread = Math.sqrt(squaresOne * squaresOther);
  return spread === 0 ? 0 : together / spread;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
