/**
 * SIGSTOP, and SIGCONT at the end. The kernel goes on acknowledging what is sent to the node: it looks slow, not
 * dead, which is what makes a pause worse for a store than a crash. Stopped for 80 of every 100 ms, a node is left
 * about a fifth of the processor.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";
import { alternating } from "./recurring.ts";

export function pauseNemesis(nodes: readonly NodeName[]): Nemesis {
  return {
    needs: ["pause"],
    backend: () => "SIGSTOP",
    inject: (cluster) => eachNode(nodes, (node) => cluster.pause(node)),
    // Another fault may have ended it meanwhile; who starts it then is that one's affair.
    heal: (cluster) =>
      eachNode(nodes, async (node) =>
        cluster.isUp(node) ? cluster.resume(node) : { type: "done", evidence: "no process is stopped" },
      ),
  };
}

export const starveNemesis = (nodes: readonly NodeName[]): Nemesis =>
  alternating(pauseNemesis(nodes), 80, 20);
