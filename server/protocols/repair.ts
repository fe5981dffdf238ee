/**
 * Repair on an operator's order (Dynamo §4.7): one partition or one key, now, and with an answer that says how it went.
 *
 * A partition is compared by this node, which has to be a home of it, with every other home, tree by tree, until a whole
 * pass finds nothing different. A key may be named at any member: all homes are asked for what they hold, the states are
 * merged, and whoever holds something else is given the result. Both are the exchanges that anti-entropy and read repair
 * make anyway; only the moment is the operator's.
 */
import type { Intervals } from "../config.ts";
import { reconcile } from "../core/read-repair.ts";
import type { KeyState } from "../core/versions.ts";
import { versionsOf } from "../core/versions-of.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { KeyName, TreeName } from "../rpc/messages.ts";
import type { AntiEntropy, Comparison } from "./anti-entropy.ts";
import type { Forest } from "./forest.ts";
import type { LocalView } from "./local-view.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { keyOf, type Replica, type StateOutcome } from "./replica.ts";

export type RepairParts = {
  readonly antiEntropy: AntiEntropy;
  readonly clock: Clock;
  readonly forest: Forest;
  readonly intervals: Intervals;
  readonly localView: LocalView;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly replica: Replica;
};

export type PartitionRepair =
  | {
      readonly type: "ok";
      /** Every home was reached, and the last pass found all trees equal. */
      readonly isWhole: boolean;
      readonly trees: readonly {
        readonly partition: number;
        readonly copies: number;
        readonly keyCount: number;
        readonly homes: readonly { readonly nodeId: NodeId; readonly comparison: Comparison }[];
      }[];
    }
  /** This node is no home of it; `detail` names those who are. */
  | { readonly type: "refused"; readonly detail: string };

/** `unknown`: did not answer, or could not read or store it; `mended`: held something else, and holds the same now. */
export type KeyRepair = {
  readonly isWhole: boolean;
  readonly homes: readonly { readonly nodeId: NodeId; readonly ending: "equal" | "mended" | "unknown" }[];
};

type Ending = KeyRepair["homes"][number]["ending"];

/** Passes over all homes; each brings what the last one has learned from a later home to the earlier ones. */
const passesMax = 10;

export class Repair {
  readonly #parts: RepairParts;

  constructor(parts: RepairParts) {
    this.#parts = parts;
  }

  /** Ends after `timeoutMs` with what has been reached by then. Never rejects. */
  async partition(partition: number, timeoutMs: number): Promise<PartitionRepair> {
    const { clock, forest, placements } = this.#parts;
    const all = placements.trees().filter((tree) => tree.partition === partition);
    const own = all.filter((tree) => this.#homesOf(tree).includes(placements.self));
    if (own.length === 0) {
      const homes = [...new Set(all.flatMap((tree) => this.#homesOf(tree)))].join(", ");
      return { type: "refused", detail: `This node is no home of partition ${partition}; ask ${homes}.` };
    }
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    const trees = [];
    for (const tree of own) {
      const homes = await this.#compareAll(tree, deadlineMs);
      trees.push({ ...tree, keyCount: forest.treeOf(tree).hashes.size, homes });
    }
    const isWhole = trees.every(({ homes }) => homes.every(({ comparison }) => comparison === "equal"));
    return { type: "ok", isWhole, trees };
  }

  /** Never rejects. */
  async key(name: KeyName): Promise<KeyRepair> {
    const { placements } = this.#parts;
    const { bucket, writing } = placements.of(name);
    const asked = await Promise.all(
      writing.homes.map(async (node) => ({ node, outcome: await this.#read(node, name) })),
    );
    const replies = asked.flatMap(({ node, outcome }) =>
      outcome?.type === "state" ? [{ node, isHome: true, state: outcome.state }] : [],
    );
    if (replies.length === 0) {
      const homes = writing.homes.map((nodeId) => ({ nodeId, ending: "unknown" as const }));
      return { isWhole: false, homes };
    }
    const { merged, behind } = reconcile(versionsOf(bucket.versions), replies);
    const homes = await Promise.all(
      asked.map(async ({ node, outcome }) => {
        // Who has lost the record is behind as well, and takes it back.
        const isBehind =
          behind.includes(node) || (outcome?.type === "refused" && outcome.reason === "amnesia");
        return { nodeId: node, ending: await this.#ending(node, name, { outcome, isBehind, merged }) };
      }),
    );
    return { isWhole: homes.every(({ ending }) => ending !== "unknown"), homes };
  }

  async #ending(
    node: NodeId,
    name: KeyName,
    { outcome, isBehind, merged }: { outcome: StateOutcome | undefined; isBehind: boolean; merged: KeyState },
  ): Promise<Ending> {
    if (isBehind) return (await this.#give(node, name, merged)) ? "mended" : "unknown";
    return outcome?.type === "state" ? "equal" : "unknown";
  }

  async #compareAll(
    tree: TreeName,
    deadlineMs: number,
  ): Promise<readonly { readonly nodeId: NodeId; readonly comparison: Comparison }[]> {
    const { antiEntropy, clock, placements } = this.#parts;
    const others = this.#homesOf(tree).filter((node) => node !== placements.self);
    for (let pass = 1; ; pass += 1) {
      const compared: { readonly nodeId: NodeId; readonly comparison: Comparison }[] = [];
      for (const nodeId of others) {
        const isLate = clock.monotonicMs() >= deadlineMs;
        const comparison = isLate ? "unknown" : await antiEntropy.compareTree(nodeId, tree);
        compared.push({ nodeId, comparison });
      }
      const isMoving = compared.some(({ comparison }) => comparison === "differed");
      if (!isMoving || pass === passesMax) return compared;
    }
  }

  #homesOf(tree: TreeName): readonly NodeId[] {
    return this.#parts.placements.occupancyOf(tree).writing.homes;
  }

  async #read(node: NodeId, name: KeyName): Promise<StateOutcome | undefined> {
    const { intervals, localView, peers, placements } = this.#parts;
    if (node === placements.self) return localView.read(name);
    const exchange = await peers.ask(
      node,
      { type: "replica-get", role: "home", ...keyOf(name) },
      intervals.requestMs,
    );
    if (exchange.type !== "reply") return undefined;
    const { reply } = exchange;
    if (reply.type === "state") return reply;
    const isAmnesia = reply.type === "refused" && reply.reason === "amnesia";
    return isAmnesia ? { type: "refused", reason: "amnesia" } : undefined;
  }

  async #give(node: NodeId, name: KeyName, state: KeyState): Promise<boolean> {
    const { intervals, peers, placements, replica } = this.#parts;
    if (node === placements.self) return (await replica.merge(name, state, "synced")).type === "stored";
    const put = { type: "replica-put", ...keyOf(name), state, durability: "synced" } as const;
    const exchange = await peers.ask(node, put, intervals.requestMs);
    return exchange.type === "reply" && exchange.reply.type === "stored";
  }
}
