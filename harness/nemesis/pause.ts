/**
 * SIGSTOP, and SIGCONT at the end. The kernel goes on acknowledging what is sent to the node: it looks slow, not
 * dead, which is what makes a pause worse for a store than a crash.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

export function pauseNemesis(nodes: readonly NodeName[]): Nemesis {
  return {
    needs: ["pause"],
    backend: () => "SIGSTOP",
    inject: (cluster) => eachNode(nodes, (node) => cluster.pause(node)),
    heal: (cluster) => eachNode(nodes, (node) => cluster.resume(node)),
  };
}
