/**
 * Gives hints back to those they are for (Dynamo §4.6), at every scan of the hint store.
 *
 * Delivery is an ordinary replica write, merged like any other; a hint is deleted only when its home says that the
 * state is synced there. A crash of either side in between means that it is delivered twice, which changes nothing.
 *
 * A node that was removed delivers nothing: deleted keys have perhaps been reaped since, with the word of all members
 * and not of this one, and what it kept for others would bring them back. So a node that has just started delivers when
 * it has heard who belongs.
 *
 * An operator may pause it, so that a node which comes back is not flooded; and a node that is drained copies to others
 * what it cannot deliver (`drain.ts`).
 */

import type { Intervals } from "../config.ts";
import type { KeyState } from "../core/versions.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Durability } from "../ports/storage.ts";
import type { Trace } from "../ports/trace.ts";
import type { BackgroundAdmission } from "./background-admission.ts";
import type { HeldHint, HintStore } from "./hint-store.ts";
import type { Identity } from "./identity.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { Recurring } from "./recurring.ts";
import { keyOf, type Replica } from "./replica.ts";
import type { StandingInCluster } from "./standing.ts";

export type HandoffParts = {
  readonly background: Pick<BackgroundAdmission, "slice">;
  readonly clock: Clock;
  readonly intervals: Intervals;
  readonly hints: HintStore;
  readonly identity: Identity;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly replica: Replica;
  readonly standing: Pick<StandingInCluster, "isOver" | "mayGive">;
  readonly trace: Trace;
};

export type HandoffStatus = {
  readonly isPaused: boolean;
  readonly hintCount: number;
  readonly hintBytes: number;
  /** Ascending by node id. */
  readonly targets: readonly {
    readonly nodeId: NodeId;
    readonly hintCount: number;
    readonly isReachable: boolean;
  }[];
};

/** Hints of one target under way at once: enough to hide the way there, few enough to leave it air for clients. */
const deliveriesAtOnce = 8;

export class HintedHandoff {
  readonly #parts: HandoffParts;
  readonly #scanning: Recurring;
  /** Hints of which another node has a copy by now; a hint that changes is another one. */
  readonly #copied = new WeakSet<HeldHint>();
  #isStopping = false;
  isPaused = false;

  constructor(parts: HandoffParts) {
    this.#parts = parts;
    this.#scanning = new Recurring(parts.clock, parts.intervals.hintScanMs, () => this.deliverAll());
  }

  start(): void {
    this.#scanning.start(0);
  }

  stop(): Promise<void> {
    this.#isStopping = true;
    return this.#scanning.stop();
  }

  status(): HandoffStatus {
    const { hints, peers } = this.#parts;
    const { count: hintCount, byteCount: hintBytes } = hints;
    const targets = hints.targets().map((nodeId) => ({
      nodeId,
      hintCount: hints.heldFor(nodeId).length,
      isReachable: peers.isHealthy(nodeId),
    }));
    return { isPaused: this.isPaused, hintCount, hintBytes, targets };
  }

  /** Hints that are to be delivered, now or later. */
  get dueCount(): number {
    const { hints, standing } = this.#parts;
    return standing.isOver ? 0 : hints.count;
  }

  /** Hints that only this node has, as far as it knows. */
  get strandedCount(): number {
    return this.#held().filter((hint) => !this.#copied.has(hint)).length;
  }

  /** Gives a copy of every such hint to another node that can keep it; this one keeps its own. */
  async copyStranded(): Promise<void> {
    const stranded = this.#held().filter((hint) => !this.#copied.has(hint));
    for (let start = 0; start < stranded.length && !this.#isStopping; start += deliveriesAtOnce) {
      const batch = stranded.slice(start, start + deliveriesAtOnce);
      await Promise.all(batch.map((hint) => this.#copy(hint)));
    }
  }

  /** Tries every hint whose target seems reachable once, unless paused; what could not be delivered stays. */
  async deliverAll(): Promise<void> {
    const { hints, standing } = this.#parts;
    if (this.isPaused || !standing.mayGive) return;
    await Promise.all(hints.targets().map((target) => this.#deliverTo(hints.heldFor(target))));
  }

  #held(): readonly HeldHint[] {
    const { hints, standing } = this.#parts;
    return standing.isOver ? [] : hints.targets().flatMap((target) => hints.heldFor(target));
  }

  /** To the node that would be read in the target's place, else to any home. */
  async #copy(hint: HeldHint): Promise<void> {
    const { background, hints, intervals, peers, placements, standing } = this.#parts;
    if (!standing.mayGive) return;
    const { target, name } = hint;
    const { homes, fallbacks } = placements.of(name).writing;
    const keeper = [...fallbacks, ...homes].find((node) => node !== target && peers.isHealthy(node));
    if (keeper === undefined) return;
    await background.slice();
    const loaded = await hints.load(target, name);
    if (loaded.type !== "found") return;
    const { state } = loaded.record;
    const hintFor = { nodeId: target };
    const put = { type: "replica-put", ...keyOf(name), state, hintFor, durability: "synced" } as const;
    const exchange = await peers.ask(keeper, put, intervals.requestMs);
    if (exchange.type !== "reply" || exchange.reply.type !== "stored") return;
    if (this.#isEnough(exchange.reply.durability)) this.#copied.add(hint);
  }

  async #deliverTo(held: readonly HeldHint[]): Promise<void> {
    for (let start = 0; start < held.length; start += deliveriesAtOnce) {
      const batch = held.slice(start, start + deliveriesAtOnce);
      const outcomes = await Promise.all(batch.map((hint) => this.#deliver(hint)));
      // One that cannot be delivered mostly means that none can; the next scan tries again.
      if (this.#isStopping || outcomes.includes(false)) return;
    }
  }

  async #deliver(hint: HeldHint): Promise<boolean> {
    const { background, hints, trace } = this.#parts;
    await background.slice();
    const loaded = await hints.load(hint.target, hint.name);
    if (loaded.type === "failed") return false;
    if (loaded.type !== "found") {
      // Damaged or already gone: nothing can be delivered any more, and anti-entropy has to make up for it.
      await hints.remove(hint);
      return true;
    }
    const destinations = this.#destinationsOf(hint);
    const arrivals = await Promise.all(
      destinations.map((node) => this.#hand(node, hint, loaded.record.state)),
    );
    if (arrivals.length === 0 || arrivals.includes(false)) return false;
    trace.emit({ type: "hint-delivered", ...keyOf(hint.name), target: hint.target });
    await hints.remove(hint);
    return true;
  }

  /** The target, or, when it is no longer responsible for the key, those who are. */
  #destinationsOf({ target, name }: HeldHint): readonly NodeId[] {
    const { placements } = this.#parts;
    const { homes } = placements.of(name).writing;
    if (!homes.includes(target)) return homes;
    // Whoever keeps it may have become a home itself meanwhile; then it is no hint alone.
    return target !== placements.self && homes.includes(placements.self)
      ? [target, placements.self]
      : [target];
  }

  /** Whether the state is now synced at `node`. */
  async #hand(node: NodeId, { name }: HeldHint, state: KeyState): Promise<boolean> {
    const { peers, placements, replica, intervals, standing } = this.#parts;
    if (!standing.mayGive) return false;
    if (node === placements.self) {
      const merged = await replica.merge(name, state, "synced");
      return merged.type === "stored" && this.#isEnough(merged.durability);
    }
    if (!peers.isHealthy(node)) return false;
    const exchange = await peers.ask(
      node,
      { type: "replica-put", ...keyOf(name), state, durability: "synced" },
      intervals.requestMs,
    );
    if (exchange.type !== "reply" || exchange.reply.type !== "stored") return false;
    return this.#isEnough(exchange.reply.durability);
  }

  /** Synced; or, in a cluster that keeps everything in memory, as safe there as it is here. */
  #isEnough(durability: Durability): boolean {
    return durability === "synced" || this.#parts.identity.reaches === "buffered";
  }
}
