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
import { type Asked, askCalm, askDump, askQuiesce, type NodeCalm } from "./verification.ts";

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

/** One look lasts so long at most; two that find the same unrest, so far apart, tell "stuck" from "late". */
const lookMs = 11_000;

/**
 * Asks all nodes at once to come to rest, until all were quiet twice in a row or `timeoutMs` is over. Records what
 * each node said in each look that found unrest, and in the last one. True when every node was quiet.
 */
export async function settle(
  addresses: readonly NodeAddress[],
  { now, record }: Chronicle,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = now() + timeoutMs * 1000;
  for (let quietLooks = 0; ; ) {
    const answers = await Promise.all(addresses.map((address) => askQuiesce(address, lookMs)));
    const calms = answers.map((answer, index) => toCalm(addresses[index]?.node ?? "", now(), answer));
    const isQuiet = calms.every((calm) => calm.isQuiet);
    quietLooks = isQuiet ? quietLooks + 1 : 0;
    const isLast = quietLooks === 2 || now() >= deadline;
    if (isLast || !isQuiet) for (const calm of calms) record(calm);
    if (isLast) return quietLooks === 2;
  }
}

/** One more look, asking for nothing: after the dump it shows whether the trees belong to what was dumped. */
export async function lookOnce(addresses: readonly NodeAddress[], { now, record }: Chronicle): Promise<void> {
  const answers = await Promise.all(addresses.map((address) => askCalm(address)));
  for (const [index, { node }] of addresses.entries()) {
    const answer = answers[index];
    if (answer !== undefined) record(toCalm(node, now(), answer));
  }
}

/** Records every key of `bucket` at every node. Resolves with the nodes that could not be dumped, and why. */
export async function dumpAll(
  addresses: readonly NodeAddress[],
  bucket: string,
  chronicle: Chronicle,
): Promise<readonly string[]> {
  const failures = await Promise.all(addresses.map((address) => dumpNode(address, bucket, chronicle)));
  return failures.filter((failure) => failure !== undefined);
}

async function dumpNode(
  address: NodeAddress,
  bucket: string,
  chronicle: Chronicle,
): Promise<string | undefined> {
  let after: string | undefined;
  do {
    const page = await askDump(address, after);
    if (page.type === "fail") return page.reason;
    for (const entry of page.value.entries) {
      if (entry.bucket !== bucket) continue;
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
