/**
 * Processes that end: by SIGKILL, or in good order by SIGTERM; and a start of the same node on its own data at the
 * end, or at once for a restart. The page cache survives: none of these says anything about durability.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Cluster, Done } from "../cluster/cluster.ts";
import { eachNode } from "./each-node.ts";
import type { Nemesis } from "./nemesis.ts";

/** Starts those that are down. */
const revive = (cluster: Cluster, nodes: readonly NodeName[]): Promise<Done> =>
  eachNode(nodes, async (node) =>
    cluster.isUp(node) ? { type: "done", evidence: "it runs" } : cluster.start(node),
  );

export function killNemesis(nodes: readonly NodeName[]): Nemesis {
  return {
    needs: ["kill"],
    backend: () => "SIGKILL",
    inject: (cluster) => eachNode(nodes, (node) => cluster.kill(node)),
    heal: (cluster) => revive(cluster, nodes),
  };
}

export function stopNemesis(nodes: readonly NodeName[]): Nemesis {
  return {
    needs: ["kill"],
    backend: () => "SIGTERM",
    inject: (cluster) => eachNode(nodes, (node) => cluster.stop(node)),
    heal: (cluster) => revive(cluster, nodes),
  };
}

/** Both in one act, so that the node is down for no longer than it takes. */
const restarted = async (cluster: Cluster, node: NodeName, heapMb?: number): Promise<Done> => {
  const stopped = await cluster.stop(node);
  if (stopped.type === "failed") return stopped;
  const started = await cluster.start(node, heapMb === undefined ? {} : { heapMb });
  return started.type === "failed"
    ? started
    : { type: "done", evidence: `${stopped.evidence}; ${started.evidence}` };
};

export function restartNemesis(nodes: readonly NodeName[]): Nemesis {
  return { ...stopNemesis(nodes), inject: (cluster) => eachNode(nodes, (node) => restarted(cluster, node)) };
}

/** A restart with little memory, and another one with its own at the end. */
export function memoryNemesis(nodes: readonly NodeName[], heapMb: number): Nemesis {
  return {
    needs: ["kill"],
    backend: () => "limit of Node's heap",
    inject: (cluster) => eachNode(nodes, (node) => restarted(cluster, node, heapMb)),
    heal: (cluster) => eachNode(nodes, (node) => restarted(cluster, node)),
  };
}
