/** A run's clock that stands still until a test moves it. */
import type { RunClock } from "./run-clock.ts";

type Timer = { readonly at: number; readonly callback: () => void };

export class ManualClock implements RunClock {
  readonly #timers = new Set<Timer>();
  #us = 0;

  now(): number {
    return this.#us;
  }

  after(ms: number, callback: () => void): () => void {
    const timer: Timer = { at: this.#us + ms * 1000, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  /** Moves time on and calls what falls due, in order. */
  advance(ms: number): void {
    const until = this.#us + ms * 1000;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#us = Math.max(this.#us, next.at);
      next.callback();
    }
    this.#us = until;
  }
}
