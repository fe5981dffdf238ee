/**
 * How well the load loop itself behaves: a generator that is late measures itself. One line a second, for the journal
 * and the report; verdicts on service levels are only as good as these numbers.
 */
import { type IntervalHistogram, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import type { LoadHealth, Micros } from "../../checkers/history/event.ts";

/** The stall monitor looks this often, and says how long it was between two looks. */
const resolutionMs = 5;

export class LoadHealthMeter {
  readonly #stalls: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      this.#gcUsMax = Math.max(this.#gcUsMax, Math.round(duration * 1000));
  });
  #lagUsMax = 0;
  #gcUsMax = 0;
  #droppedCount = 0;

  start(): void {
    this.#stalls.enable();
    this.#collections.observe({ entryTypes: ["gc"] });
  }

  stop(): void {
    this.#stalls.disable();
    this.#collections.disconnect();
  }

  /** A request was sent `lagUs` after it was intended. */
  sent(lagUs: Micros): void {
    this.#lagUsMax = Math.max(this.#lagUsMax, lagUs);
  }

  dropped(): void {
    this.#droppedCount += 1;
  }

  /** What happened since the last look, as an event; begins anew. */
  look(at: Micros, inFlight: number): LoadHealth {
    const stallUs = Math.round(this.#stalls.max / 1000) - resolutionMs * 1000;
    const health: LoadHealth = {
      type: "load",
      at,
      lagUsMax: this.#lagUsMax,
      // Before its first look the monitor has no maximum.
      loopStallUsMax: Math.max(0, stallUs),
      inFlight,
      dropped: this.#droppedCount,
      gcUsMax: this.#gcUsMax,
    };
    this.#stalls.reset();
    this.#lagUsMax = 0;
    this.#gcUsMax = 0;
    this.#droppedCount = 0;
    return health;
  }
}
