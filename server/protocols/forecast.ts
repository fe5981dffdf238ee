/**
 * An operator's order as a dry run: what it would record and what would move, without recording or moving anything.
 *
 * The change is drafted exactly as it would be for the order itself, put into a copy of the member table, and placed by
 * a second set of placements. How much each tree weighs is known to those who hold it, so they are asked; who does not
 * answer in time leaves it unknown.
 */
import type { Intervals, NodeConfig } from "../config.ts";
import { mergeTables, tableOf } from "../core/cluster-table.ts";
import type { MemberState } from "../core/membership.ts";
import { type TransferPlan, type TreeChange, type TreeSize, transferPlanOf } from "../core/transfer-plan.ts";
import type { NodeId } from "../ports/network.ts";
import type { TreeName } from "../rpc/messages.ts";
import type { Administration, Order } from "./administration.ts";
import type { Peers } from "./peers.ts";
import { Placements } from "./placement.ts";
import { treeId } from "./storage-key.ts";
import type { TreeSizes } from "./tree-sizes.ts";

export type Forecast =
  | ({
      readonly type: "ok";
      /** What would be recorded, in order; a second node may change only its seat. */
      readonly changes: readonly { readonly nodeId: NodeId; readonly state: MemberState }[];
      readonly ringHash: { readonly before: string; readonly after: string };
    } & TransferPlan)
  /** The order would be refused, and why. */
  | { readonly type: "refused"; readonly detail: string };

export type ForecastsParts = {
  readonly administration: Administration;
  readonly config: NodeConfig;
  readonly intervals: Intervals;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly treeSizes: TreeSizes;
};

/** Trees asked about in one message. */
const treesAtOnce = 64;

export class Forecasts {
  readonly #parts: ForecastsParts;

  constructor(parts: ForecastsParts) {
    this.#parts = parts;
  }

  /** Never rejects; changes nothing anywhere. */
  async of(order: Order): Promise<Forecast> {
    const { administration, config, placements } = this.#parts;
    const proposal = administration.propose(order);
    if (proposal.type === "refused") return proposal;
    const { changes } = proposal;
    const then = new Placements(config);
    then.learn(mergeTables(placements.table, tableOf({ changes, holdings: [] })));
    const before = placements.ring.hash;
    const trees = placements.trees().map((tree) => changeOf(tree, placements, then));
    const sizes = await this.#sizesOf(trees.filter(({ lacking }) => lacking.length > 0));
    return {
      type: "ok",
      changes: changes.map(({ nodeId, state }) => ({ nodeId, state })),
      ringHash: { before, after: then.ring.hash },
      ...transferPlanOf(trees, sizes),
    };
  }

  /** Each tree is asked of one of its holders: this node, else the first that can be reached. */
  async #sizesOf(trees: readonly TreeChange[]): Promise<ReadonlyMap<string, TreeSize>> {
    const { peers, placements } = this.#parts;
    const byHolder = new Map<NodeId, TreeName[]>();
    for (const { partition, copies, holders } of trees) {
      const isHere = holders.includes(placements.self);
      const holder = isHere ? placements.self : holders.find((node) => peers.isHealthy(node));
      if (holder === undefined) continue;
      byHolder.set(holder, [...(byHolder.get(holder) ?? []), { partition, copies }]);
    }
    const told = await Promise.all([...byHolder].map(([holder, named]) => this.#askHolder(holder, named)));
    return new Map(told.flat());
  }

  async #askHolder(
    holder: NodeId,
    trees: readonly TreeName[],
  ): Promise<readonly (readonly [treeId: string, size: TreeSize])[]> {
    const told: (readonly [string, TreeSize])[] = [];
    for (let start = 0; start < trees.length; start += treesAtOnce) {
      const batch = trees.slice(start, start + treesAtOnce);
      const sizes = await this.#batchAt(holder, batch);
      // Who is silent once would cost as long again with every batch.
      if (sizes === undefined) return told;
      for (const [index, size] of sizes.entries()) {
        const tree = batch[index];
        if (tree !== undefined) told.push([treeId(tree), size]);
      }
    }
    return told;
  }

  async #batchAt(holder: NodeId, trees: readonly TreeName[]): Promise<readonly TreeSize[] | undefined> {
    const { intervals, peers, placements, treeSizes } = this.#parts;
    if (holder === placements.self) return treeSizes.of(trees);
    const exchange = await peers.ask(holder, { type: "tree-sizes", trees }, intervals.requestMs);
    return exchange.type === "reply" && exchange.reply.type === "sizes" ? exchange.reply.sizes : undefined;
  }
}

function changeOf(tree: TreeName, now: Placements, then: Placements): TreeChange {
  const { homes, holders, lacking } = then.occupancyOf(tree);
  return {
    ...tree,
    homesBefore: now.occupancyOf(tree).homes,
    homesAfter: homes,
    holders: [...new Set([...holders.values()].flat())],
    lacking,
  };
}
