/**
 * The time of a run: microseconds since its start, on the machine's monotonic clock, which all processes of one
 * machine share. Handed in wherever the harness measures or waits, so that its tests can hold the clock.
 */
import type { Micros } from "../../checkers/history/event.ts";

export interface RunClock {
  /** Whole microseconds since the start of the run; negative before it. */
  now(): Micros;
  /** Calls back once, after at least `ms`. The result cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** `startedHr`: what `process.hrtime.bigint()` was, or will be, when the run starts. */
export function runClock(startedHr: bigint): RunClock {
  return {
    now: () => Number((process.hrtime.bigint() - startedHr) / 1000n),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
}
