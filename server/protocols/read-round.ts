/**
 * One read on its way through the replicas (Dynamo §4.5): asks, waits for enough, answers, and goes on listening for
 * a while to find homes that are behind.
 *
 * Enough are the replies that were asked for and, if the client says what it has seen already, as many more as it
 * takes to know all of that. "Nothing here" is a reply, an empty state; an error or silence is not, and calls in the next fallback.
 */
import type { HedgeBudget } from "../core/hedge-budget.ts";
import {
  addAsked,
  addFailure,
  addReply,
  openQuorum,
  type Quorum,
  type QuorumNeeds,
  shortfall,
} from "../core/quorum.ts";
import type { ReadReply } from "../core/read-repair.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import { deferred } from "./deferred.ts";
import { impossible } from "./impossible.ts";
import type { StateOutcome } from "./replica.ts";

export type ReadPlan = {
  readonly homes: readonly NodeId[];
  readonly targets: readonly NodeId[];
  /** Healthy fallbacks nobody has asked yet, in order; none in a strict bucket. */
  readonly spares: readonly NodeId[];
  readonly needs: QuorumNeeds;
  /** Whether the replies together know all that the client has seen; asked once the quorum is met. */
  readonly isCovered: (replies: readonly ReadReply[]) => boolean;
  readonly deadlineMs: number;
  /** How long a node usually takes. */
  readonly patienceMs: (node: NodeId) => number;
  /** A fallback is asked beside a slow node only as far as this allows. */
  readonly hedges: HedgeBudget;
  readonly graceMs: number;
  /** What one node holds, or undefined when it did not say. */
  readonly ask: (node: NodeId) => Promise<StateOutcome | undefined>;
};

export type ReadAnswer = {
  /** `uncovered`: enough have replied, and nobody is left who could know what the client has seen. */
  readonly type: "met" | "unmet" | "late" | "uncovered";
  /** In the order of their arrival. */
  readonly replies: readonly ReadReply[];
  readonly needed: number;
  readonly had: number;
};

/** All that came in, also after the answer, and homes that have lost their record and said so. */
export type ReadHarvest = { readonly replies: readonly ReadReply[]; readonly amnesiacs: readonly NodeId[] };

export class ReadRound {
  readonly #plan: ReadPlan;
  readonly #clock: Clock;
  readonly #spares: NodeId[];
  readonly #replies: ReadReply[] = [];
  readonly #amnesiacs: NodeId[] = [];
  /** Node -> when it is late. */
  readonly #lateAtMs = new Map<NodeId, number>();
  readonly #timers: Cancel[] = [];
  readonly #answer = deferred<ReadAnswer>();
  readonly #harvest = deferred<ReadHarvest>();
  #quorum: Quorum;
  #isAnswered = false;

  constructor(plan: ReadPlan, clock: Clock) {
    this.#plan = plan;
    this.#clock = clock;
    this.#spares = [...plan.spares];
    this.#quorum = openQuorum(plan.needs);
  }

  /** Resolves when the client can be answered. */
  answer(): Promise<ReadAnswer> {
    return this.#answer.promise;
  }

  /** Resolves when everyone has replied or the grace after the answer is over. */
  harvest(): Promise<ReadHarvest> {
    return this.#harvest.promise;
  }

  /** Asks everybody at once; call once. */
  begin(): void {
    const { targets, deadlineMs, hedges } = this.#plan;
    hedges.earn();
    const remainingMs = Math.max(0, deadlineMs - this.#clock.monotonicMs());
    this.#timers.push(this.#clock.after(remainingMs, () => this.#late()));
    for (const node of targets) this.#ask(node);
    if (targets.length === 0) this.#close("unmet");
    this.#judge();
    this.#watch();
  }

  #ask(node: NodeId): void {
    const { ask, patienceMs } = this.#plan;
    this.#lateAtMs.set(node, this.#clock.monotonicMs() + patienceMs(node));
    this.#quorum = addAsked(this.#quorum, node, this.#isHome(node) ? "home" : "fallback");
    ask(node)
      .then((outcome) => this.#ended(node, outcome))
      .catch(impossible);
  }

  #ended(node: NodeId, outcome: StateOutcome | undefined): void {
    const isHome = this.#isHome(node);
    if (outcome?.type === "state") {
      this.#replies.push({ node, isHome, state: outcome.state });
      this.#quorum = addReply(this.#quorum, node, isHome ? "home" : "fallback", "buffered");
    } else {
      if (isHome && outcome?.reason === "amnesia") this.#amnesiacs.push(node);
      if (!this.#isAnswered) this.#askSpare();
      this.#quorum = addFailure(this.#quorum, node);
    }
    this.#judge();
  }

  /** Sets the clock for the moment when too few of those asked are still in time to make the quorum. */
  #watch(): void {
    if (this.#isAnswered || this.#spares.length === 0) return;
    const open = this.#quorum.pending
      .map(({ node }) => this.#lateAtMs.get(node) ?? 0)
      .toSorted((a, b) => a - b);
    const missing = Math.max(1, this.#plan.needs.total - this.#replies.length);
    // The rest may be late and the answer still in time.
    const decisive = open[Math.max(0, open.length - missing)];
    if (decisive === undefined) return;
    const waitMs = Math.max(1, decisive - this.#clock.monotonicMs());
    this.#timers.push(this.#clock.after(waitMs, () => this.#escalate()));
  }

  #escalate(): void {
    if (this.#isAnswered) return;
    const nowMs = this.#clock.monotonicMs();
    const inTime = this.#quorum.pending.filter(({ node }) => (this.#lateAtMs.get(node) ?? 0) > nowMs);
    const isLate = this.#replies.length + inTime.length < this.#plan.needs.total;
    if (isLate) {
      // Whoever is late once is asked for no second time; the next look is at those who are asked instead.
      for (const { node } of this.#quorum.pending) {
        if ((this.#lateAtMs.get(node) ?? 0) <= nowMs)
          this.#lateAtMs.set(node, nowMs + this.#plan.patienceMs(node));
      }
      if (this.#plan.hedges.spend()) this.#askSpare();
    }
    this.#watch();
  }

  #askSpare(): void {
    const spare = this.#spares.shift();
    if (spare !== undefined) this.#ask(spare);
  }

  #judge(): void {
    switch (this.#quorum.state.type) {
      case "met":
        this.#cover();
        break;
      case "impossible":
        this.#close("unmet");
        break;
      case "waiting":
        break;
    }
    if (this.#isAnswered && this.#quorum.pending.length === 0) this.#end();
  }

  /** Enough have replied. Whether they know enough decides between an answer, more replies, and giving up. */
  #cover(): void {
    if (this.#isAnswered || (this.#isHollow() && this.#quorum.pending.length > 0)) return;
    if (this.#plan.isCovered(this.#replies)) this.#close("met");
    else if (this.#spares.length > 0) for (const spare of this.#spares.splice(0)) this.#ask(spare);
    else if (this.#quorum.pending.length === 0) this.#close("uncovered");
  }

  /** Only fallbacks have replied, and they keep nothing: while a home may still answer, that is no "not found". */
  #isHollow(): boolean {
    return this.#replies.every(({ isHome, state }) => !isHome && state.siblings.length === 0);
  }

  /** A hollow quorum is better than none. */
  #late(): void {
    const isMet = this.#quorum.state.type === "met" && this.#plan.isCovered(this.#replies);
    this.#close(isMet ? "met" : "late");
  }

  #close(type: ReadAnswer["type"]): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    const { needed, had } = shortfall(this.#quorum) ?? { needed: 0, had: 0 };
    this.#answer.resolve({ type, replies: [...this.#replies], needed, had });
    this.#timers.push(this.#clock.after(this.#plan.graceMs, () => this.#end()));
  }

  #end(): void {
    for (const cancel of this.#timers) cancel();
    this.#harvest.resolve({ replies: [...this.#replies], amnesiacs: [...this.#amnesiacs] });
  }

  #isHome(node: NodeId): boolean {
    return this.#plan.homes.includes(node);
  }
}
