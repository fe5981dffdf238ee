/** What a person watching wants to know: how many, how they ended, how long they took. The verdict has its own numbers. */
import { createHistogram } from "node:perf_hooks";
import type { Completion, Invocation } from "../../checkers/history/event.ts";

/** So much of what was counted of a key before counts in the next second. */
const memoryOfKeys = 0.5;

export type LoadCounts = { readonly ok: number; readonly fail: number; readonly info: number };

export class LoadTally {
  readonly #responseUs = createHistogram();
  readonly #total = { ok: 0, fail: 0, info: 0 };
  #lately = { ok: 0, fail: 0, info: 0 };
  readonly #keys = new Map<string, number>();

  completed(invocation: Invocation, completion: Completion): void {
    this.#keys.set(invocation.key, (this.#keys.get(invocation.key) ?? 0) + 1);
    this.#total[completion.type] += 1;
    this.#lately[completion.type] += 1;
    this.#responseUs.record(Math.max(1, completion.at - invocation.intended));
  }

  get total(): LoadCounts {
    return { ...this.#total };
  }

  /** Milliseconds from the intended start, over all requests so far; 0 before the first. */
  responseMs(percentile: number): number {
    return this.#responseUs.count === 0 ? 0 : this.#responseUs.percentile(percentile) / 1000;
  }

  /** Of the last seconds; a call is a second. Undefined when nothing ended in them. */
  takeBusiestKey(): string | undefined {
    const busiest = [...this.#keys].reduce<readonly [string, number] | undefined>(
      (most, one) => (most === undefined || one[1] > most[1] ? one : most),
      undefined,
    );
    for (const [key, count] of this.#keys) {
      if (count * memoryOfKeys < 1) this.#keys.delete(key);
      else this.#keys.set(key, count * memoryOfKeys);
    }
    return busiest?.[0];
  }

  /** Counts since the last call. */
  takeLately(): LoadCounts {
    const lately = this.#lately;
    this.#lately = { ok: 0, fail: 0, info: 0 };
    return lately;
  }
}
