/** What a person watching wants to know: how many, how they ended, how long they took. The verdict has its own numbers. */
import { createHistogram } from "node:perf_hooks";
import type { Completion, Invocation } from "../../checkers/history/event.ts";

export type LoadCounts = { readonly ok: number; readonly fail: number; readonly info: number };

export class LoadTally {
  readonly #responseUs = createHistogram();
  readonly #total = { ok: 0, fail: 0, info: 0 };
  #lately = { ok: 0, fail: 0, info: 0 };

  completed(invocation: Invocation, completion: Completion): void {
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

  /** Counts since the last call. */
  takeLately(): LoadCounts {
    const lately = this.#lately;
    this.#lately = { ok: 0, fail: 0, info: 0 };
    return lately;
  }
}
