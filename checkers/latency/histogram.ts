/**
 * Latencies in buckets of three digits, over hdr-histogram-js, in plain JavaScript with a fixed range.
 *
 * The library counts a NaN without a bucket, throws above its range, wraps a full counter and answers with a
 * bucket's upper edge, so everything that goes in is checked here and what comes out never exceeds the greatest
 * value. Three digits cannot decide a limit: 299.999 ms and 300.031 ms share a bucket. Whoever judges a limit counts
 * exactly, beside.
 */
import { build, type Histogram } from "hdr-histogram-js";
import type { Micros } from "../history/event.ts";

export const latencyMicrosMin = 1;
export const latencyMicrosMax = 60_000_000;

/** Microseconds in, microseconds out. */
export class LatencyHistogram {
  readonly #buckets: Histogram = build({
    bitBucketSize: 32,
    autoResize: false,
    lowestDiscernibleValue: latencyMicrosMin,
    highestTrackableValue: latencyMicrosMax,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  #max = 0;
  #overRange = 0;

  /** Anything but a finite number is a mistake of the caller and throws. Beyond the range counts at its end. */
  record(micros: Micros): void {
    if (!Number.isFinite(micros)) throw new RangeError(`${micros} is no latency`);
    const whole = Math.max(latencyMicrosMin, Math.round(micros));
    if (whole > latencyMicrosMax) this.#overRange += 1;
    this.#max = Math.max(this.#max, whole);
    this.#buckets.recordValue(Math.min(whole, latencyMicrosMax));
  }

  get count(): number {
    return this.#buckets.totalCount;
  }

  /** Values above `latencyMicrosMax`, which percentiles show as that. */
  get overRange(): number {
    return this.#overRange;
  }

  /** Exact; 0 when empty. */
  get max(): Micros {
    return this.#max;
  }

  /** Of `quantile` between 0 and 1, within a thousandth; 0 when empty. */
  valueAt(quantile: number): Micros {
    return this.count === 0 ? 0 : Math.min(this.#max, this.#buckets.getValueAtPercentile(quantile * 100));
  }

  add(other: LatencyHistogram): void {
    this.#buckets.add(other.#buckets);
    this.#max = Math.max(this.#max, other.#max);
    this.#overRange += other.#overRange;
  }
}
