/**
 * SIGKILL, and a start of the same node on its own data at the end. The page cache survives: a kill alone says
 * nothing about durability.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

export function killNemesis(nodes: readonly NodeName[]): Nemesis {
  return {
    needs: ["kill"],
    backend: () => "SIGKILL",
    inject: (cluster) => eachNode(nodes, (node) => cluster.kill(node)),
    heal: (cluster) =>
      eachNode(nodes, async (node) =>
        cluster.isUp(node) ? { type: "done", evidence: "it runs" } : cluster.start(node),
      ),
  };
}
