/**
 * How late this process comes to its work: the delay of a timer against the time it was set for. While it is high,
 * every other time that this node measures says as much of itself as of anybody else.
 */
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";

export type Lag = { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };

const resolutionMs = 20;

export class LoopLag {
  readonly #delay: IntervalHistogram;

  constructor() {
    this.#delay = monitorEventLoopDelay({ resolution: resolutionMs });
    this.#delay.enable();
  }

  /** Since the last call. */
  take(): Lag {
    const lag = {
      p50Ms: lateMs(this.#delay.percentile(50)),
      p99Ms: lateMs(this.#delay.percentile(99)),
      maxMs: lateMs(this.#delay.max),
    };
    this.#delay.reset();
    return lag;
  }

  stop(): void {
    this.#delay.disable();
  }
}

/** A timer set for the resolution is late by what it took beyond it. */
function lateMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}
