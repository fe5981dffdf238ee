/**
 * An activity that repeats for as long as its node lives: pings, hint scans, anti-entropy rounds.
 *
 * The interval runs from the end of one time to the beginning of the next, so an activity never overlaps itself
 * and a slow disk slows it down instead of piling it up. One that knows when it next has something to do says so
 * instead of looking again and again.
 */
import type { Cancel, Clock } from "../ports/clock.ts";

export class Recurring {
  readonly #clock: Clock;
  readonly #waitMs: () => number;
  readonly #activity: () => Promise<void> | undefined;
  /** Set while a time is awaited, and not while one is under way. */
  #cancel: Cancel | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #isStopped = false;

  /**
   * `intervalMs` is asked at the end of each time when it is a function. `activity` must not reject: what may go wrong
   * in it is a value to it; undefined means that it has ended at once.
   */
  constructor(clock: Clock, intervalMs: number | (() => number), activity: () => Promise<void> | undefined) {
    this.#clock = clock;
    this.#waitMs = typeof intervalMs === "number" ? () => intervalMs : intervalMs;
    this.#activity = activity;
  }

  /** The first time comes after `firstMs`. */
  start(firstMs: number): void {
    this.#cancel = this.#clock.after(firstMs, () => this.#begin());
  }

  /** Something is due: the time that is awaited, if one is, comes now. */
  hasten(): void {
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.start(0);
  }

  /** No further time begins; resolves when the one under way has ended. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = undefined;
    return this.#underWay;
  }

  #begin(): void {
    this.#cancel = undefined;
    const underWay = this.#activity();
    if (underWay === undefined) this.#again();
    else this.#underWay = underWay.then(() => this.#again());
  }

  #again(): void {
    if (!this.#isStopped) this.start(this.#waitMs());
  }
}
