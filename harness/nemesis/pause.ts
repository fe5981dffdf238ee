/**
 * SIGSTOP, and SIGCONT at the end. The kernel goes on acknowledging what is sent to the node: it looks slow, not
 * dead, which is what makes a pause worse for a store than a crash. Stopped for 80 of every 100 ms, a node is left
 * about a fifth of the processor.
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

/** Each stop is proved by itself; the heal tells how many were. */
export function starveNemesis(nodes: readonly NodeName[]): Nemesis {
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
