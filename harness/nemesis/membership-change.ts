/**
 * A node is let in, or goes, by an operator's order (Dynamo §4.8.1) while the load goes on. What hurts is what
 * follows: partitions change hands under writes, whatever else goes wrong in the same window.
 *
 * It holds from the moment when a member has taken the order. Nothing is undone at the end of the window: a node that
 * joined stays, and one that left stays away; the end only tells how far the transfers have come.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

export function membershipNemesis(change: "join" | "leave", nodes: readonly NodeName[]): Nemesis {
  return {
    needs: ["membership"],
    isForGood: true,
    backend: () => "admin port",
    inject: (cluster) => eachNode(nodes, (node) => cluster[change](node)),
    heal: (cluster) => eachNode(nodes, (node) => cluster.membershipOf(node)),
  };
}
