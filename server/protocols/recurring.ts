/**
 * An activity that repeats for as long as its node lives: pings, hint scans, anti-entropy rounds.
 *
 * The interval runs from the end of one time to the beginning of the next, so an activity never overlaps itself
 * and a slow disk slows it down instead of piling it up.
 */
import type { Cancel, Clock } from "../ports/clock.ts";

export class Recurring {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #activity: () => Promise<void>;
  #cancel: Cancel = () => {};
  #underWay: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** `activity` must not reject: what may go wrong in it is a value to it. */
  constructor(clock: Clock, intervalMs: number, activity: () => Promise<void>) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#activity = activity;
  }

  /** The first time comes after `firstMs`. */
  start(firstMs: number): void {
    this.#cancel = this.#clock.after(firstMs, () => this.#begin());
  }

  /** No further time begins; resolves when the one under way has ended. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    return this.#underWay;
  }

  #begin(): void {
    this.#underWay = this.#activity().then(() => {
      if (!this.#isStopped) this.start(this.#intervalMs);
    });
  }
}
