/**
 * One read on its way through the replicas (Dynamo §4.5): asks, waits for enough, answers, and goes on listening for
 * a while to find homes that are behind.
 *
 * "Nothing here" is a reply, an empty state; an error or silence is not, and calls in the next fallback.
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
  readonly deadlineMs: number;
  readonly escalateMs: number;
  /** A fallback is asked beside a slow node only as far as this allows. */
  readonly hedges: HedgeBudget;
  readonly graceMs: number;
  /** What one node holds, or undefined when it did not say. */
  readonly ask: (node: NodeId) => Promise<StateOutcome | undefined>;
};

export type ReadAnswer = {
  readonly type: "met" | "unmet" | "late";
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
    const { targets, deadlineMs, escalateMs, hedges } = this.#plan;
    hedges.earn();
    const remainingMs = Math.max(0, deadlineMs - this.#clock.monotonicMs());
    this.#timers.push(this.#clock.after(remainingMs, () => this.#close("late")));
    this.#timers.push(this.#clock.after(escalateMs, () => this.#escalate()));
    for (const node of targets) this.#ask(node);
    if (targets.length === 0) this.#close("unmet");
    this.#judge();
  }

  #ask(node: NodeId): void {
    const { ask } = this.#plan;
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

  #escalate(): void {
    if (this.#isAnswered) return;
    if (this.#spares.length > 0 && this.#plan.hedges.spend()) this.#askSpare();
    this.#timers.push(this.#clock.after(this.#plan.escalateMs, () => this.#escalate()));
  }

  #askSpare(): void {
    const spare = this.#spares.shift();
    if (spare !== undefined) this.#ask(spare);
  }

  #judge(): void {
    switch (this.#quorum.state.type) {
      case "met":
        this.#close("met");
        break;
      case "impossible":
        this.#close("unmet");
        break;
      case "waiting":
        break;
    }
    if (this.#isAnswered && this.#quorum.pending.length === 0) this.#end();
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
