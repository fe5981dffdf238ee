/**
 * After the heal of a simulated run: wait until every node says that it is quiet, then write down what each of them
 * holds. The order is that of real runs, since reads repair what they should judge.
 */
import type { Calm, HistoryEvent, NodeName } from "../../checkers/history/event.ts";
import { digestsOf } from "../../server/http/key-state-view.ts";
import type { Dump } from "../../server/protocols/inspection.ts";
import type { Calm as NodeCalm } from "../../server/protocols/quiescence.ts";
import type { SimulatedCluster } from "../../server/simulation/simulated-cluster.ts";

export type SimulatedChronicle = {
  /** The members at the end. */
  readonly members: readonly NodeName[];
  readonly now: () => number;
  readonly record: (event: HistoryEvent) => void;
};

/** Two looks that find the same unrest so far apart tell "stuck" from "late". */
const lookMs = 11_000;
const settleMs = 30_000;

export async function settle(
  cluster: SimulatedCluster,
  { members, now, record }: SimulatedChronicle,
): Promise<void> {
  const deadline = now() + settleMs * 1000;
  for (let quietLooks = 0; quietLooks < 2; ) {
    const looks = members.map((node) => answerOf(cluster, node));
    const calms = await cluster.world.run(Promise.all(looks));
    const isQuiet = calms.every((calm) => calm.isQuiet);
    quietLooks = isQuiet ? quietLooks + 1 : 0;
    const isLast = quietLooks === 2 || now() >= deadline;
    for (const [index, node] of members.entries()) {
      const calm = calms[index];
      if (calm !== undefined && (isLast || !isQuiet)) record(calmOf(cluster, node, now(), calm));
    }
    if (isLast) return;
  }
}

/** What the node says when it has come to rest or tried for long; of one that never ends trying, what is seen then. */
function answerOf(cluster: SimulatedCluster, node: NodeName): Promise<NodeCalm> {
  const silence = new Promise<NodeCalm>((resolve) => {
    cluster.world.after(2 * lookMs, () => resolve(cluster.node(node).calm()));
  });
  return Promise.race([cluster.node(node).quiesce(lookMs), silence]);
}

/** One more look, asking for nothing. */
export function lookAt(cluster: SimulatedCluster, { members, now, record }: SimulatedChronicle): void {
  for (const node of members) record(calmOf(cluster, node, now(), cluster.node(node).calm()));
}

/** Every key of `bucket` at every node, as it is stored. */
export async function dumpAll(
  cluster: SimulatedCluster,
  bucket: string,
  { members, record }: SimulatedChronicle,
): Promise<void> {
  for (const node of members) {
    let after: string | null = null;
    do {
      const page: Dump | undefined = await cluster.world.run(cluster.node(node).dump(after, 1000));
      for (const entry of page?.entries ?? []) {
        if (entry.bucket !== bucket) continue;
        const { siblings, tombstones } = digestsOf(entry.state);
        const observed = siblings.map(({ writeId, digest }) => ({ write: writeId, digest }));
        const { key, homes, hash: state } = entry;
        record({ type: "dump", node, key, homes, state, observed, tombstones });
      }
      after = page?.next ?? null;
    } while (after !== null);
  }
}

function calmOf(cluster: SimulatedCluster, node: NodeName, at: number, calm: NodeCalm): Calm {
  const counters: Record<string, number> = {};
  for (const { node: who, event } of cluster.events)
    if (who === node) counters[event.type] = (counters[event.type] ?? 0) + 1;
  const { isQuiet, hintCount, unreachablePeers, treeRoots, reason } = calm;
  return {
    type: "calm",
    node,
    at,
    isQuiet,
    hintCount,
    unreachablePeers,
    treeRoots: Object.fromEntries(treeRoots),
    counters,
    ...(reason === undefined ? {} : { reason }),
  };
}
