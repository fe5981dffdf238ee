/**
 * Which nodes a fault hits, by how many. Pure: the order of the nodes is drawn elsewhere, from the seed, and a
 * target takes from its front, so the same order with a smaller target hits a subset.
 */
import type { NodeName } from "../../checkers/history/event.ts";

/** A minority and its complement, a majority, differ by whether a quorum of all nodes is left. */
export type Target = "one" | "minority" | "majority" | "all";

/** How many of `nodeCount` nodes; at least one where there is one, so that a fault of two nodes hits somebody. */
export function targetCount(target: Target, nodeCount: number): number {
  const majority = Math.floor(nodeCount / 2) + 1;
  switch (target) {
    case "one":
      return Math.min(1, nodeCount);
    case "minority":
      return Math.min(nodeCount, Math.max(1, nodeCount - majority));
    case "majority":
      return Math.min(nodeCount, majority);
    case "all":
      return nodeCount;
  }
}

export function targetNodes(target: Target, order: readonly NodeName[]): readonly NodeName[] {
  return order.slice(0, targetCount(target, order.length));
}
