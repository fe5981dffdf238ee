/**
 * One write on its way to the replicas (Dynamo §4.5, 4.6): who was sent it, who has it, and when the client can be
 * answered.
 *
 * The round keeps two accounts. The quorum says when to answer. `settled` says which homes have the write or have
 * somebody who keeps it for them, and the round is not over before that is all of them: a home that fails is
 * replaced by the next fallback at once, one that is slow is doubled by it, and whatever is open at the deadline
 * becomes a hint on the coordinator itself. So no copy is ever left to anti-entropy alone, except by a crash.
 */
import type { DurabilityDemand } from "../core/durability-demand.ts";
import type { HedgeBudget } from "../core/hedge-budget.ts";
import {
  addAsked,
  addFailure,
  addReply,
  openQuorum,
  type Quorum,
  type QuorumNeeds,
  type Role,
  shortfall,
} from "../core/quorum.ts";
import type { KeyState } from "../core/versions.ts";
import type { Acknowledgement } from "../outcomes.ts";
import type { Cancel, Clock } from "../ports/clock.ts";
import type { Exchange, NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";
import type { Trace } from "../ports/trace.ts";
import type { KeyName } from "../rpc/messages.ts";
import { deferred } from "./deferred.ts";
import type { HintStore, KeptHint } from "./hint-store.ts";
import { impossible } from "./impossible.ts";
import type { Peers } from "./peers.ts";
import { keyOf } from "./replica.ts";

/** A node that is sent the write, and for whom: itself as a home, or a home it stands in for. */
export type Assignment = { readonly node: NodeId; readonly home: NodeId };

export type RoundPlan = {
  readonly name: KeyName;
  readonly state: KeyState;
  readonly homes: readonly NodeId[];
  /** What the coordinator appends itself, and how that ends; nothing where it only passes the write on. */
  readonly own: (Assignment & { readonly stored: Promise<Durability | undefined> }) | undefined;
  readonly others: readonly Assignment[];
  /** Healthy fallbacks nobody has asked yet, in order; none in a strict bucket. */
  readonly spares: readonly NodeId[];
  readonly needs: QuorumNeeds;
  readonly demand: DurabilityDemand;
  readonly deadlineMs: number;
};

export type RoundParts = {
  readonly clock: Clock;
  /** A home that is slow is doubled only as far as this allows. */
  readonly hedges: HedgeBudget;
  readonly hints: HintStore;
  readonly peers: Peers;
  readonly trace: Trace;
};

/** `unmet`: nobody else is left to ask. `late`: somebody may still answer. Either way the write may have happened. */
export type RoundAnswer =
  | { readonly type: "met"; readonly acknowledgements: readonly Acknowledgement[] }
  | { readonly type: "unmet" | "late"; readonly needed: number; readonly had: number };

export class WriteRound {
  readonly #plan: RoundPlan;
  readonly #parts: RoundParts;
  readonly #spares: NodeId[];
  readonly #settled = new Set<NodeId>();
  /** Home -> when whoever was asked last for it is late. */
  readonly #lateAtMs = new Map<NodeId, number>();
  readonly #acknowledgements: Acknowledgement[] = [];
  readonly #timers: Cancel[] = [];
  /** Hints on their way to this node's own disk. */
  readonly #keeping: Promise<KeptHint>[] = [];
  readonly #answer = deferred<RoundAnswer>();
  readonly #over = deferred<unknown>();
  #quorum: Quorum;
  #isOver = false;

  constructor(plan: RoundPlan, parts: RoundParts) {
    this.#plan = plan;
    this.#parts = parts;
    this.#spares = [...plan.spares];
    this.#quorum = openQuorum(plan.needs);
  }

  /** Resolves when the client can be answered. */
  answer(): Promise<RoundAnswer> {
    return this.#answer.promise;
  }

  /** Resolves when every home has the write or a hint. */
  over(): Promise<unknown> {
    return this.#over.promise;
  }

  /** Sends everything at once; call once. */
  begin(): void {
    const { clock, hedges } = this.#parts;
    hedges.earn();
    const { own, others, homes, deadlineMs } = this.#plan;
    // First of all, so that those who are still silent at the deadline are late and not failed.
    this.#timers.push(
      clock.after(Math.max(0, deadlineMs - clock.monotonicMs()), () => this.#reachDeadline()),
    );
    const assigned = new Set(others.map(({ home }) => home));
    if (own !== undefined) {
      assigned.add(own.home);
      this.#quorum = addAsked(this.#quorum, own.node, roleOf(own));
      own.stored.then((durability) => this.#ended(own, durability)).catch(impossible);
    }
    for (const assignment of others) this.#send(assignment);
    for (const home of homes) if (!assigned.has(home)) this.#replace(home);
    this.#watch();
  }

  #send(assignment: Assignment): void {
    const { clock, peers, trace } = this.#parts;
    const { name, state, deadlineMs, demand } = this.#plan;
    const { node, home } = assignment;
    const durability = demand(home);
    const hintFor = node === home ? {} : { hintFor: { nodeId: home } };
    this.#quorum = addAsked(this.#quorum, node, roleOf(assignment));
    this.#lateAtMs.set(home, clock.monotonicMs() + peers.patienceMs(node, "replica-put"));
    trace.emit({
      type: "replica-sent",
      ...keyOf(name),
      to: node,
      ...(node === home ? {} : { hintFor: home }),
    });
    const remainingMs = Math.max(1, deadlineMs - clock.monotonicMs());
    peers
      .ask(node, { type: "replica-put", ...keyOf(name), state, durability, ...hintFor }, remainingMs)
      .then((exchange) => this.#ended(assignment, durabilityIn(exchange)))
      .catch(impossible);
  }

  /** One copy is stored, or `undefined`: it is not, as far as we know. */
  #ended(assignment: Assignment, durability: Durability | undefined): void {
    const { node, home } = assignment;
    if (this.#isOver) return;
    if (durability === undefined) {
      if (!this.#settled.has(home)) this.#replace(home);
      this.#quorum = addFailure(this.#quorum, node);
    } else {
      const role = roleOf(assignment);
      const isAwaited = this.#quorum.state.type === "waiting";
      this.#settled.add(home);
      this.#quorum = addReply(this.#quorum, node, role, durability);
      const standsInFor = node === home ? {} : { standsInFor: home };
      this.#acknowledgements.push({ node, role, ...standsInFor, durability });
      const key = keyOf(this.#plan.name);
      this.#parts.trace.emit({ type: "replica-acked", ...key, from: node, role, durability, isAwaited });
    }
    this.#judge();
  }

  /** Finds somebody to keep the write for `home`: the next fallback, or this node when there is none. */
  #replace(home: NodeId): void {
    const node = this.#spares.shift();
    if (node !== undefined) this.#send({ node, home });
    else this.#keepHere(home);
  }

  /** A hint here is no acknowledgement: this node has been counted already, if it has the write. */
  #keepHere(home: NodeId): void {
    const { name, state, own, demand } = this.#plan;
    if (home === own?.node) return;
    this.#settled.add(home);
    this.#keeping.push(this.#parts.hints.keep(home, name, state, demand(home)));
  }

  /** Sets the clock for the first home that will be late, as long as the client waits and fallbacks last. */
  #watch(): void {
    if (this.#isOver || this.#quorum.state.type === "met" || this.#spares.length === 0) return;
    const open = [...this.#lateAtMs].filter(([home]) => !this.#settled.has(home));
    if (open.length === 0) return;
    const { clock } = this.#parts;
    const waitMs = Math.max(1, Math.min(...open.map(([, atMs]) => atMs)) - clock.monotonicMs());
    this.#timers.push(clock.after(waitMs, () => this.#escalate()));
  }

  /** Some home is later than its node usually is: the next fallback is sent its copy beside it. */
  #escalate(): void {
    if (this.#isOver || this.#quorum.state.type === "met") return;
    const { clock, hedges } = this.#parts;
    const nowMs = clock.monotonicMs();
    for (const [home, atMs] of this.#lateAtMs) {
      if (this.#settled.has(home) || atMs > nowMs || this.#spares.length === 0) continue;
      // Over budget: look again when as much time has passed once more.
      this.#lateAtMs.set(home, nowMs + this.#parts.peers.patienceMs(home, "replica-put"));
      const spare = hedges.spend() ? this.#spares.shift() : undefined;
      if (spare !== undefined) this.#send({ node: spare, home });
    }
    this.#watch();
  }

  #reachDeadline(): void {
    if (this.#isOver) return;
    this.#answer.resolve({ type: "late", ...this.#shortfall() });
    for (const home of this.#plan.homes) if (!this.#settled.has(home)) this.#keepHere(home);
    this.#end();
  }

  #judge(): void {
    switch (this.#quorum.state.type) {
      case "met":
        this.#answer.resolve({ type: "met", acknowledgements: [...this.#acknowledgements] });
        break;
      case "impossible":
        this.#answer.resolve({ type: "unmet", ...this.#shortfall() });
        break;
      case "waiting":
        break;
    }
    const isSettled = this.#plan.homes.every((home) => this.#settled.has(home));
    if (isSettled && this.#quorum.state.type !== "waiting") this.#end();
  }

  #end(): void {
    this.#isOver = true;
    for (const cancel of this.#timers) cancel();
    Promise.all(this.#keeping).then(this.#over.resolve).catch(impossible);
  }

  #shortfall(): { needed: number; had: number } {
    const { needed, had } = shortfall(this.#quorum) ?? { needed: 0, had: 0 };
    return { needed, had };
  }
}

function roleOf({ node, home }: Assignment): Role {
  return node === home ? "home" : "fallback";
}

function durabilityIn(exchange: Exchange): Durability | undefined {
  return exchange.type === "reply" && exchange.reply.type === "stored"
    ? exchange.reply.durability
    : undefined;
}
