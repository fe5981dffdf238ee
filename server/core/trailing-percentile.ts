/**
 * A percentile of the last minute: observations in six windows of ten seconds, each a histogram whose bounds grow by
 * a fifth, so that an answer is right to that and forgets what is older. A class with state, for speed.
 */
const windowMs = 10_000;
const windowCount = 6;
const bucketCount = 64;
/** Upper bound of the first bucket, in the unit of what is observed. */
const firstBound = 0.05;
const growth = 1.2;
/** Of fewer than this nothing is said. */
const observationsMin = 20;

const bounds: readonly number[] = Array.from(
  { length: bucketCount },
  (_, index) => firstBound * growth ** index,
);

type Window = { readonly index: number; readonly counts: Uint32Array };

export class TrailingPercentile {
  /** Oldest first; only such with observations. */
  #windows: Window[] = [];

  /** `nowMs` is monotonic and never less than before. */
  observe(value: number, nowMs: number): void {
    const index = Math.floor(nowMs / windowMs);
    let window = this.#windows.at(-1);
    if (window?.index !== index) {
      window = { index, counts: new Uint32Array(bucketCount) };
      this.#windows = [...this.#recent(nowMs), window];
    }
    const bucket = bucketOf(value);
    window.counts[bucket] = (window.counts[bucket] ?? 0) + 1;
  }

  /** What `share` (0..1) of the last minute's observations did not exceed; undefined when there were too few. */
  at(share: number, nowMs: number): number | undefined {
    const sums = Array.from({ length: bucketCount }, () => 0);
    let total = 0;
    for (const { counts } of this.#recent(nowMs)) {
      for (const [bucket, count] of counts.entries()) {
        sums[bucket] = (sums[bucket] ?? 0) + count;
        total += count;
      }
    }
    if (total < observationsMin) return undefined;
    let below = 0;
    const bucket = sums.findIndex((count) => {
      below += count;
      return below >= share * total;
    });
    return bounds[bucket];
  }

  #recent(nowMs: number): Window[] {
    const oldest = Math.floor(nowMs / windowMs) - windowCount + 1;
    return this.#windows.filter(({ index }) => index >= oldest);
  }
}

function bucketOf(value: number): number {
  if (value <= firstBound) return 0;
  return Math.min(bucketCount - 1, Math.ceil(Math.log(value / firstBound) / Math.log(growth)));
}
