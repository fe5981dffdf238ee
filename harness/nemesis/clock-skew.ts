/** A jump of the wall clock by a fixed offset, and a jump back at the end. Monotonic time goes on as it was. */
import type { NodeName } from "../../checkers/history/event.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

export function clockNemesis(nodes: readonly NodeName[], offsetMs: number): Nemesis {
  return {
    needs: ["clock"],
    backend: (cluster) => cluster.backends["clock"] ?? "unknown",
    inject: (cluster) => eachNode(nodes, (node) => cluster.shiftClock(node, offsetMs)),
    heal: (cluster) => eachNode(nodes, (node) => cluster.shiftClock(node, 0)),
  };
}
