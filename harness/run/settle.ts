/**
 * After the heal: wait until the cluster is shown to be calm, then write down what every node holds.
 *
 * The order matters. Reads repair what they should judge, so the dump is taken before any final read, and
 * convergence is judged on the dump alone. Quiescence that is not reached is recorded as such and never waited for
 * beyond its deadline: the checkers tell "late" from "different for good".
 */
import type { Calm, Dump } from "../../checkers/history/event.ts";
import type { NodeAddress } from "../cluster/cluster.ts";
import type { Chronicle } from "./run-context.ts";
import { type Asked, askDump, askQuiesce, type NodeCalm } from "./verification.ts";

const toCalm = (node: string, at: number, asked: Asked<NodeCalm>): Calm => {
  if (asked.type === "fail") {
    return {
      type: "calm",
      node,
      at,
      isQuiet: false,
      hintCount: 0,
      unreachablePeers: [],
      treeRoots: {},
      counters: {},
      reason: asked.reason,
    };
  }
  const { isQuiet, hintCount, unreachablePeers, treeRoots, counters, reason } = asked.value;
  return {
    type: "calm",
    node,
    at,
    isQuiet,
    hintCount,
    unreachablePeers,
    treeRoots,
    counters,
    ...(reason === undefined ? {} : { reason }),
  };
};

/**
 * Asks all nodes at once to come to rest, twice in a row all quiet, or until `timeoutMs` is over. Records one
 * `calm` event a node, of the last round. True when every node was quiet.
 */
export async function settle(
  addresses: readonly NodeAddress[],
  chronicle: Chronicle,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = chronicle.now() + timeoutMs * 1000;
  for (let quietRounds = 0; ; ) {
    const remainingMs = Math.max(1_000, Math.floor((deadline - chronicle.now()) / 1000));
    const answers = await Promise.all(addresses.map((address) => askQuiesce(address, remainingMs)));
    const calms = answers.map((answer, index) =>
      toCalm(addresses[index]?.node ?? "", chronicle.now(), answer),
    );
    quietRounds = calms.every((calm) => calm.isQuiet) ? quietRounds + 1 : 0;
    if (quietRounds < 2 && chronicle.now() < deadline) continue;
    for (const calm of calms) chronicle.record(calm);
    return quietRounds >= 2;
  }
}

/** Records every key of every node. Resolves with the nodes that could not be dumped, and why. */
export async function dumpAll(
  addresses: readonly NodeAddress[],
  chronicle: Chronicle,
): Promise<readonly string[]> {
  const failures = await Promise.all(addresses.map((address) => dumpNode(address, chronicle)));
  return failures.filter((failure) => failure !== undefined);
}

async function dumpNode(address: NodeAddress, chronicle: Chronicle): Promise<string | undefined> {
  let after: string | undefined;
  do {
    const page = await askDump(address, after);
    if (page.type === "fail") return page.reason;
    for (const entry of page.value.entries) {
      const dump: Dump = {
        type: "dump",
        node: address.node,
        key: entry.key,
        homes: entry.homes,
        state: entry.state,
        observed: entry.siblings.map((sibling) => ({ write: sibling.writeId, digest: sibling.digest })),
        tombstones: entry.tombstones,
      };
      chronicle.record(dump);
    }
    after = page.value.next ?? undefined;
  } while (after !== undefined);
  return undefined;
}
