/**
 * Which node owns which partition (Dynamo §6.2, strategy 3), as a pure function of the member set.
 *
 * Each node has a quota, Q/S rounded so that quotas differ by at most one (times capacity), and each pair of node
 * and partition a score, its hash. The best pairs are served first until quotas are full: bounded rendezvous
 * hashing. Nothing remembers the past, so nodes with equal member sets agree without talking, and since the scores
 * of old pairs do not change when a node comes or goes, few partitions move.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";
import { wordOf } from "./hash.ts";

/** `capacity` (default 1) is the node's share relative to the others; `dc` names its data centre. */
export type ClaimMember = { readonly nodeId: NodeId; readonly capacity?: number; readonly dc?: string };

type Pair = { readonly nodeId: NodeId; readonly partition: number; readonly score: number };

/** Partition -> owner. `members` in any order, at least one; ids are distinct. */
export function assign(
  members: readonly ClaimMember[],
  partitionCount: number,
  n: number,
): readonly NodeId[] {
  void n;
  const quotas = quotasOf(members, partitionCount);
  const pairs: Pair[] = [];
  for (const { nodeId } of members) {
    for (let partition = 0; partition < partitionCount; partition++) {
      pairs.push({ nodeId, partition, score: wordOf(hash("md5", `${nodeId}\0${partition}`, "binary"), 0) });
    }
  }
  const ranked = pairs.toSorted((a, b) => b.score - a.score || (a.nodeId < b.nodeId ? -1 : 1));
  const owners = Array.from({ length: partitionCount }, (): NodeId => "");
  for (const { nodeId, partition } of ranked) {
    const left = quotas.get(nodeId) ?? 0;
    if (left === 0 || owners[partition] !== "") continue;
    owners[partition] = nodeId;
    quotas.set(nodeId, left - 1);
  }
  return owners;
}

/** How many partitions each member owns: proportional to capacity, by largest remainder. */
export function quotasOf(members: readonly ClaimMember[], partitionCount: number): Map<NodeId, number> {
  const total = members.reduce((sum, { capacity = 1 }) => sum + capacity, 0);
  const shares = members.map(({ nodeId, capacity = 1 }) => {
    const exact = (partitionCount * capacity) / total;
    return { nodeId, whole: Math.floor(exact), rest: exact - Math.floor(exact), tie: hash("md5", nodeId) };
  });
  const spare = partitionCount - shares.reduce((sum, { whole }) => sum + whole, 0);
  const ranked = shares.toSorted((a, b) => b.rest - a.rest || (a.tie < b.tie ? -1 : 1));
  return new Map(ranked.map(({ nodeId, whole }, index) => [nodeId, whole + (index < spare ? 1 : 0)]));
}
