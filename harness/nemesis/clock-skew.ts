/**
 * Wall clocks that are wrong, and right again at the end; monotonic time goes on as it was. A jump happens once, a
 * strobe jumps to and fro, a frozen clock tells one moment, and one that drifts is further off with each second.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster, Done } from "../cluster/cluster.ts";
import { eachNode } from "./each-node.ts";
import type { ClockMotion, Nemesis } from "./nemesis.ts";
import { alternating, recurring } from "./recurring.ts";

const strobeMs = 100;
const driftStepMs = 1_000;

export function clockNemesis(nodes: readonly NodeName[], motion: ClockMotion, offsetMs: number): Nemesis {
  const shift = (cluster: Cluster, byMs: number): Promise<Done> =>
    eachNode(nodes, (node) => cluster.shiftClock(node, byMs));
  const jump: Nemesis = {
    needs: ["clock"],
    backend: (cluster) => cluster.backends["clock"] ?? "unknown",
    inject: (cluster) => shift(cluster, offsetMs),
    heal: (cluster) => shift(cluster, 0),
  };
  switch (motion) {
    case "jump":
      return jump;
    case "strobe":
      return alternating(jump, strobeMs, strobeMs);
    case "freeze":
      return { ...jump, inject: (cluster) => eachNode(nodes, (node) => cluster.freezeClock(node)) };
    case "drift":
      return recurring({
        ...jump,
        turn: (cluster, number) => shift(cluster, (number + 1) * offsetMs),
        restMs: () => driftStepMs,
      });
  }
}
