/**
 * The ring as a client knows it: pulled from some node every ten seconds, and at once when an answer says that it
 * may be out of date (Dynamo §6.4). Pulling costs the servers no memory of their clients, however many there are.
 *
 * A ring is a function of the table of members and holders, so only that travels and the client computes the rest with
 * the modules of the server. That both computed the same is proved by the hash; a ring that does not add up is not used,
 * and the client lets the servers drive until one does.
 */
import { defaultIntervals, defaultLimits, type NodeConfig } from "../config.ts";
import { tableOf } from "../core/cluster-table.ts";
import type { RingView } from "../node.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import { deferred } from "../protocols/deferred.ts";
import { Placements } from "../protocols/placement.ts";
import { Recurring } from "../protocols/recurring.ts";
import type { Entry } from "./entry.ts";

export const pullMs = 10_000;
const pullTimeoutMs = 1000;
/** Evidence comes in showers; one pull answers all of it. */
const evidencePauseMs = 200;

export type KnownRing = { readonly view: RingView; readonly placements: Placements };

export type RingWatchParts = {
  readonly clock: Clock;
  readonly entry: Entry;
  readonly random: Random;
  /** Who the client is, as a node of no ring. */
  readonly self: NodeId;
  /** Asked while no ring is known; afterwards its members are. */
  readonly seeds: readonly NodeId[];
};

export class RingWatch {
  readonly #parts: RingWatchParts;
  readonly #pulling: Recurring;
  #known: KnownRing | undefined;
  #underWay: Promise<void> | undefined;
  #lastEvidenceMs = Number.NEGATIVE_INFINITY;
  #pullCount = 0;

  constructor(parts: RingWatchParts) {
    this.#parts = parts;
    this.#pulling = new Recurring(parts.clock, pullMs, () => this.pull());
  }

  start(): void {
    this.#pulling.start(pullMs);
  }

  stop(): Promise<void> {
    return this.#pulling.stop();
  }

  get known(): KnownRing | undefined {
    return this.#known;
  }

  get pullCount(): number {
    return this.#pullCount;
  }

  /** Members of the known ring, else the seeds. Never empty if there was a seed. */
  get nodes(): readonly NodeId[] {
    return this.#known?.view.members.map(({ nodeId }) => nodeId) ?? this.#parts.seeds;
  }

  /** Something was answered, or not answered, as if the ring had changed. */
  suspect(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (nowMs - this.#lastEvidenceMs < evidencePauseMs) return;
    this.#lastEvidenceMs = nowMs;
    void this.pull();
  }

  /** The ring after a pull that is under way, if it ends within `waitMs`; else as it was known before. */
  async settled(waitMs: number): Promise<KnownRing | undefined> {
    if (this.#underWay !== undefined) {
      const timeIsUp = deferred<void>();
      const cancel = this.#parts.clock.after(waitMs, () => timeIsUp.resolve());
      await Promise.race([this.#underWay, timeIsUp.promise]);
      cancel();
    }
    return this.#known;
  }

  /** Asks one node after another, beginning anywhere, until one gives a ring that adds up. Never rejects. */
  pull(): Promise<void> {
    this.#underWay ??= this.#pull().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #pull(): Promise<void> {
    const { entry, random, self } = this.#parts;
    this.#pullCount += 1;
    const nodes = [...new Set([...this.nodes, ...this.#parts.seeds])];
    const start = Math.floor(random.uniform() * nodes.length);
    for (const node of [...nodes.slice(start), ...nodes.slice(0, start)]) {
      const view = await entry.ring(node, pullTimeoutMs);
      if (view === undefined) continue;
      if (view.tableHash === this.#known?.view.tableHash) return;
      const placements = placementsOf(view, self);
      if (placements === undefined) continue;
      this.#known = { view, placements };
      return;
    }
  }
}

/** Undefined when the ring computed here is not the one the node has. */
export function placementsOf(view: RingView, self: NodeId): Placements | undefined {
  try {
    const placements = new Placements(configOf(view, self));
    placements.learn(tableOf(view.table));
    return placements.ring.hash === view.hash ? placements : undefined;
  } catch {
    // What a node sends may be no ring at all; the functions of placement assert that it is one.
    return undefined;
  }
}

function configOf({ buckets, partitionCount, placement }: RingView, self: NodeId): NodeConfig {
  return {
    clusterId: "",
    nodeId: self,
    members: [],
    buckets: new Map(buckets.map(({ name, ...settings }) => [name, settings])),
    partitionCount,
    placement,
    intervals: defaultIntervals,
    limits: defaultLimits,
  };
}
