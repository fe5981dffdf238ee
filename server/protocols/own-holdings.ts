/**
 * What this node says of itself that it holds: one numbered record, on the disk before anybody hears of it.
 */
import { heldTree, holderOf } from "../core/holdings.ts";
import type { TreeName } from "../rpc/messages.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { Identity } from "./identity.ts";
import type { Placements } from "./placement.ts";
import { treeId } from "./storage-key.ts";

export type OwnHoldingsParts = {
  readonly identity: Identity;
  readonly placements: Placements;
  readonly record: ClusterRecord;
};

export class OwnHoldings {
  readonly #parts: OwnHoldingsParts;

  constructor(parts: OwnHoldingsParts) {
    this.#parts = parts;
  }

  /** Whether this node holds the tree on behalf of at least one origin. */
  has(tree: TreeName): boolean {
    const { placements } = this.#parts;
    const { holders } = placements.occupancyOf(tree);
    return [...holders.values()].some((nodes) => nodes.includes(placements.self));
  }

  /** Now these are held whole, for every origin. False when the disk refuses to say so. */
  gain(trees: readonly TreeName[]): Promise<boolean> {
    const named = this.#named(trees);
    return this.#change((held) => [...new Set([...held, ...named])]);
  }

  /** Now these are held no more; what is left of them on the disk counts for nothing. */
  release(trees: readonly TreeName[]): Promise<boolean> {
    const named = new Set(this.#named(trees));
    return this.#change((held) => held.filter((one) => !named.has(one)));
  }

  #named(trees: readonly TreeName[]): readonly string[] {
    return trees.flatMap((tree) =>
      this.#parts.placements.origins.map((origin) => heldTree(origin, treeId(tree))),
    );
  }

  #change(next: (held: readonly string[]) => readonly string[]): Promise<boolean> {
    const { identity, record } = this.#parts;
    const { nodeId, incarnation } = identity;
    return record.change(({ holdings }) => {
      const known = holdings.get(holderOf({ nodeId, incarnation }));
      const trees = next(known?.trees ?? []).toSorted();
      const version = (known?.version ?? 0) + 1;
      return { changes: [], holdings: [{ nodeId, incarnation, version, trees }] };
    });
  }
}
