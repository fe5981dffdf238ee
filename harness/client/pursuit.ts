/**
 * One request, pursued at several nodes until one says yes.
 *
 * The first node gets a while to answer. Then the next one is asked too, if the budget allows it, and the first stays
 * outstanding: whoever says ok first wins. A node that answers anything else, or refuses the connection, is followed by the next node at
 * once. At the deadline everything still open is given up.
 *
 * An attempt that is overtaken keeps its connection until it answers or the deadline comes: giving it up at once
 * would cost a new connection whenever the store is a little slow, which is when it can least afford one.
 */
import type { Attempt, Micros, NodeName } from "../../checkers/history/event.ts";
import type { HedgeBudget } from "../../server/core/hedge-budget.ts";
import type { Judged } from "./answer.ts";
import type { ClientLimits } from "./client-limits.ts";
import type { RunClock } from "./run-clock.ts";

/** One attempt under way. `abandon` makes `ended` resolve soon. */
export type Trial<T> = { readonly ended: Promise<Judged<T>>; abandon(error: string): void };

export type Pursued<T> = {
  readonly at: Micros;
  /** In order of their start; open ones count as ended at `at`, as `ifOpen`. */
  readonly attempts: readonly Attempt[];
  readonly result:
    | { readonly type: "ok"; readonly answer: T }
    | { readonly type: "failed"; readonly error: string };
};

export type PursuitOptions<T> = {
  readonly clock: RunClock;
  readonly limits: ClientLimits;
  readonly budget: HedgeBudget;
  /** In the order in which they are tried; at least one. */
  readonly nodes: readonly NodeName[];
  readonly tryAt: (node: NodeName) => Trial<T>;
  /** What an attempt counts as when another one wins before it ends. */
  readonly ifOpen: "none" | "unknown";
};

/** Resolves by the deadline. Never rejects. */
export function pursue<T>(options: PursuitOptions<T>): Promise<Pursued<T>> {
  return new Promise((resolve) => {
    new Pursuit(options, resolve).begin();
  });
}

/** One attempt: not ended while `judged` is absent. */
type Try<T> = {
  readonly node: NodeName;
  readonly from: Micros;
  readonly trial: Trial<T>;
  until?: Micros;
  judged?: Judged<T>;
};

class Pursuit<T> {
  readonly #options: PursuitOptions<T>;
  readonly #resolve: (pursued: Pursued<T>) => void;
  readonly #tries: Try<T>[] = [];
  #cancelNext: () => void = () => {};
  #cancelDeadline: () => void = () => {};
  #isSettled = false;
  #isLate = false;

  constructor(options: PursuitOptions<T>, resolve: (pursued: Pursued<T>) => void) {
    this.#options = options;
    this.#resolve = resolve;
  }

  begin(): void {
    const { clock, limits, budget } = this.#options;
    this.#cancelDeadline = clock.after(limits.deadlineMs, () => this.#giveUp());
    budget.earn();
    this.#tryNext();
  }

  #tryImpatiently(): void {
    if (this.#options.budget.spend()) this.#tryNext();
  }

  #tryNext(): void {
    const { clock, limits, nodes, tryAt } = this.#options;
    const node = nodes[this.#tries.length];
    if (node === undefined) return;
    this.#cancelNext();
    const attempt: Try<T> = { node, from: clock.now(), trial: tryAt(node) };
    this.#tries.push(attempt);
    if (this.#tries.length < nodes.length) {
      this.#cancelNext = clock.after(limits.secondAttemptMs, () => this.#tryImpatiently());
    }
    void attempt.trial.ended.then((judged) => this.#ended(attempt, judged));
  }

  #ended(attempt: Try<T>, judged: Judged<T>): void {
    attempt.until = this.#options.clock.now();
    attempt.judged = judged;
    const isAnyOpen = this.#tries.some((other) => other.judged === undefined);
    if (!isAnyOpen && (this.#isSettled || this.#isLate)) this.#cancelDeadline();
    if (this.#isSettled) return;
    if (judged.outcome === "ok") return this.#settle({ type: "ok", answer: judged.answer });
    const hasNext = this.#tries.length < this.#options.nodes.length;
    if (hasNext && !this.#isLate) return this.#tryNext();
    if (!isAnyOpen) this.#settle({ type: "failed", error: this.#isLate ? "timeout" : judged.error });
  }

  #giveUp(): void {
    this.#isLate = true;
    this.#cancelNext();
    for (const { trial, judged } of this.#tries) if (judged === undefined) trial.abandon("timeout");
  }

  #settle(result: Pursued<T>["result"]): void {
    this.#isSettled = true;
    this.#cancelNext();
    const isAnyOpen = this.#tries.some(({ judged }) => judged === undefined);
    if (!isAnyOpen) this.#cancelDeadline();
    const at = this.#options.clock.now();
    this.#resolve({ at, attempts: this.#tries.map((attempt) => this.#recordOf(attempt, at)), result });
  }

  #recordOf({ node, from, until, judged }: Try<T>, at: Micros): Attempt {
    const times = { node, from, until: until ?? at };
    if (judged === undefined) return { ...times, outcome: this.#options.ifOpen, error: "overtaken" };
    return judged.outcome === "ok"
      ? { ...times, outcome: "ok" }
      : { ...times, outcome: judged.outcome, error: judged.error };
  }
}
