/**
 * SIGSTOP, and SIGCONT at the end. The kernel goes on acknowledging what is sent to the node: it looks slow, not
 * dead, which is what makes a pause worse for a store than a crash. A node that is starved is held back by the kernel
 * after 5 of every 100 ms of a processor; or it is stopped for 80 of every 100 ms, which leaves it about a fifth.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster, Done } from "../cluster/cluster.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";
import { recurring } from "./recurring.ts";

const stoppedMs = 80;
const runningMs = 20;

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

/** Of one processor, by a control group: what a server of this kind asks for many times over, whenever it works. */
const percentLeft = 5;

const isByGroup = ({ abilities }: Cluster): boolean => abilities.has("cpu-share");

/** By a control group where the cluster can, in turns elsewhere. */
export function starveNemesis(nodes: readonly NodeName[]): Nemesis {
  const inTurns = starveInTurns(nodes);
  return {
    needs: inTurns.needs,
    backend: (cluster) =>
      isByGroup(cluster) ? (cluster.backends["processor"] ?? "unknown") : inTurns.backend(cluster),
    inject: (cluster) =>
      isByGroup(cluster)
        ? eachNode(nodes, (node) => cluster.limitCpu(node, percentLeft))
        : inTurns.inject(cluster),
    heal: (cluster) =>
      isByGroup(cluster)
        ? eachNode(nodes, (node) => cluster.limitCpu(node, undefined))
        : inTurns.heal(cluster),
  };
}

/** Each stop is proved by itself; the heal tells how many were. */
export function starveInTurns(nodes: readonly NodeName[]): Nemesis {
  const pause = pauseNemesis(nodes);
  let [stops, seen] = [0, 0];
  const stop = async (cluster: Cluster): Promise<Done> => {
    stops += 1;
    const paused = await pause.inject(cluster);
    if (paused.type === "done") seen += 1;
    return paused;
  };
  return recurring({
    ...pause,
    backend: () => "SIGSTOP in turns",
    turn: (cluster, number) => (number % 2 === 0 ? stop(cluster) : pause.heal(cluster)),
    restMs: (number) => (number % 2 === 0 ? stoppedMs : runningMs),
    heal: async (cluster) => {
      const healed = await pause.heal(cluster);
      if (healed.type === "failed" || stops === 0) return healed;
      return { type: "done", evidence: `${healed.evidence}; state T was seen in ${seen} of ${stops} stops` };
    },
  });
}
