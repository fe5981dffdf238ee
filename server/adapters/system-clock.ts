/**
 * Clock over the operating system: the monotonic clock for every wait and measure, the wall clock for stamps.
 *
 * Node's own timers run on the monotonic clock, so a jump of the wall clock moves neither. The monotonic reading is
 * the machine's, not the process's: two processes of one machine can be compared.
 */
import { performance } from "node:perf_hooks";
import { hrtime } from "node:process";
import type { Cancel, Clock } from "../ports/clock.ts";

/** Longest delay a Node timer keeps; a longer one would fire at once. */
const delayMsMax = 2 ** 31 - 1;

/** Milliseconds. Both read one clock; the cheaper one counts from the start of the process, and is asked a dozen times a request. */
const processStartMs = Number(hrtime.bigint()) / 1e6 - performance.now();

export class SystemClock implements Clock {
  monotonicMs(): number {
    return processStartMs + performance.now();
  }

  wallMs(): number {
    return Date.now();
  }

  after(delayMs: number, action: () => void): Cancel {
    if (delayMs <= 0) {
      const immediate = setImmediate(action);
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(action, Math.min(delayMs, delayMsMax));
    return () => clearTimeout(timer);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resume) => {
      this.after(delayMs, resume);
    });
  }
}
