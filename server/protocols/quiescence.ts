/**
 * Whether this node has anything left to do for others, and how to get there.
 *
 * Quiet means: every peer reachable, no hint here, nothing under way, and the trees of every shared partition equal
 * with every co-owner, twice in a row. Twice, because an exchange with one peer may bring news for another that was
 * already compared. It says nothing of other nodes' hints; ask each of them.
 */
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { AntiEntropy } from "./anti-entropy.ts";
import type { DirtyTrees } from "./dirty-trees.ts";
import type { Forest } from "./forest.ts";
import type { HintedHandoff } from "./hinted-handoff.ts";
import type { OpenWork } from "./open-work.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { treeId } from "./storage-key.ts";
import type { Transfer } from "./transfer.ts";

/**
 * `treeRoots`: `partition/copies` -> root hash, of every tree this node is a home of; two homes that hold the same
 * data have the same roots.
 */
export type Calm = {
  readonly isQuiet: boolean;
  /** One sentence, present unless quiet. */
  readonly reason?: string;
  readonly hintCount: number;
  readonly unreachablePeers: readonly NodeId[];
  readonly treeRoots: ReadonlyMap<string, string>;
};

export type QuiescenceParts = {
  readonly antiEntropy: AntiEntropy;
  readonly clock: Clock;
  readonly dirtyTrees: DirtyTrees;
  readonly forest: Forest;
  readonly handoff: HintedHandoff;
  readonly openWork: OpenWork;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly transfer: Transfer;
};

/** Between two passes that found something to do: time for what is under way to arrive. */
const pauseMs = 20;

export class Quiescence {
  readonly #parts: QuiescenceParts;

  constructor(parts: QuiescenceParts) {
    this.#parts = parts;
  }

  /** As things are now, without asking anybody. */
  calm(): Calm {
    return this.#calmWith(this.#obstacle());
  }

  /** Works towards quiet, back to back, until it is there or `timeoutMs` have passed. */
  async quiesce(timeoutMs: number): Promise<Calm> {
    const { clock } = this.#parts;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    let equalPasses = 0;
    for (;;) {
      const obstacle = await this.#pass();
      equalPasses = obstacle === undefined ? equalPasses + 1 : 0;
      if (equalPasses === 2) return this.#calmWith(undefined);
      if (clock.monotonicMs() >= deadlineMs) return this.#calmWith(obstacle ?? "The time was over too soon.");
      if (obstacle !== undefined) await clock.sleep(pauseMs);
    }
  }

  /** Pings, delivers and compares once; what is still in the way afterwards. */
  async #pass(): Promise<string | undefined> {
    const { antiEntropy, handoff, peers } = this.#parts;
    const silent = await peers.pingAll();
    if (silent.length > 0) return `Not reachable: ${silent.join(", ")}.`;
    await handoff.deliverAll();
    let obstacle: string | undefined;
    for (const peer of peers.ids) {
      const comparison = await antiEntropy.compareWith(peer);
      if (comparison === "differed") obstacle = `The trees differed from those of ${peer}.`;
      if (comparison === "unknown") obstacle = `The trees could not be compared with ${peer}.`;
    }
    return obstacle ?? this.#obstacle();
  }

  #obstacle(): string | undefined {
    const { dirtyTrees, forest, handoff, openWork, peers, transfer } = this.#parts;
    const unreachable = peers.unreachable();
    if (unreachable.length > 0) return `Not reachable: ${unreachable.join(", ")}.`;
    if (!transfer.isIdle) return "Partitions are on their way.";
    if (handoff.dueCount > 0) {
      const paused = handoff.isPaused ? ", and their delivery is paused" : "";
      return `${handoff.dueCount} hints are held for others${paused}.`;
    }
    const dirty = dirtyTrees.peers();
    if (dirty.length > 0) return `Missing writes that nobody keeps for them: ${dirty.join(", ")}.`;
    if (!forest.isBuilt) return "The trees are still being built.";
    return openWork.count > 0 ? `${openWork.count} requests are under way.` : undefined;
  }

  #calmWith(reason: string | undefined): Calm {
    const { handoff, peers } = this.#parts;
    return {
      isQuiet: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      hintCount: handoff.dueCount,
      unreachablePeers: peers.unreachable(),
      treeRoots: this.#treeRoots(),
    };
  }

  #treeRoots(): ReadonlyMap<string, string> {
    const { forest, placements } = this.#parts;
    const own = placements.sharedTrees(placements.self, placements.self);
    return new Map(own.map((tree) => [treeId(tree), forest.rootOf(tree)]));
  }
}

/** Of a node that does not serve. */
export const notServing: Calm = {
  isQuiet: false,
  reason: "The node does not serve.",
  hintCount: 0,
  unreachablePeers: [],
  treeRoots: new Map(),
};
