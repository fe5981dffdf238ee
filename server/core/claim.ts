/**
 * Which node owns which partition (Dynamo §6.2, strategy 3), as a pure function of the member set.
 *
 * Each node has a quota, Q/S rounded so that quotas differ by at most one (times capacity), and each pair of
 * node and partition a score, its hash. The best pairs are served first until quotas are full: rendezvous
 * hashing with bounds. Nothing remembers the past, so nodes with equal member sets agree without talking, and
 * since the scores of old pairs do not change when a node comes or goes, few partitions move.
 *
 * A node also keeps N - 1 partitions away from its own if it can. A walk along the ring then seldom meets a
 * node twice, and the copies are spread almost as evenly as the partitions.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";
import { wordOf } from "./hash.ts";

/**
 * `capacity` (default 1, > 0) is the node's share relative to the others. `dc` names its data centre; it does
 * not influence the placement yet.
 */
export type ClaimMember = { readonly nodeId: NodeId; readonly capacity?: number; readonly dc?: string };

type Pair = { readonly nodeId: NodeId; readonly partition: number; readonly score: number };

/**
 * Partition -> owner. `members` in any order, at least one, their ids distinct; `n` is the number of copies.
 * With ten or more partitions a node and at most six nodes, a join or leave moves at most twice the copies it must;
 * with more nodes it was seen to move up to three times as many.
 */
export function assign(
  members: readonly ClaimMember[],
  partitionCount: number,
  n: number,
): readonly NodeId[] {
  const quotas = quotasOf(members, partitionCount);
  const owners = Array.from({ length: partitionCount }, (): NodeId | undefined => undefined);
  const distance = Math.min(n, members.length) - 1;
  const ranked = rankedPairs(members, partitionCount);
  serve(ranked, { quotas, owners, distance });
  // What is left has no node far enough away with room; then any node with room will do.
  serve(ranked, { quotas, owners, distance: 0 });
  return owners.map((owner, partition) => {
    if (owner === undefined) throw new Error(`partition ${partition} has no owner`);
    return owner;
  });
}

/** How many partitions each member owns: proportional to capacity, the remainders rounded up first. */
export function quotasOf(members: readonly ClaimMember[], partitionCount: number): Map<NodeId, number> {
  const total = members.reduce((sum, { capacity = 1 }) => sum + capacity, 0);
  const shares = members.map(({ nodeId, capacity = 1 }) => {
    const exact = (partitionCount * capacity) / total;
    const whole = Math.floor(exact);
    return { nodeId, whole, rest: exact - whole, tie: hash("md5", nodeId) };
  });
  const spare = partitionCount - shares.reduce((sum, { whole }) => sum + whole, 0);
  const ranked = shares.toSorted((a, b) => b.rest - a.rest || (a.tie < b.tie ? -1 : 1));
  return new Map(ranked.map(({ nodeId, whole }, index) => [nodeId, whole + (index < spare ? 1 : 0)]));
}

/** All pairs, the best first; ties by node id, so that the order of `members` cannot show. */
function rankedPairs(members: readonly ClaimMember[], partitionCount: number): readonly Pair[] {
  const pairs = members.flatMap(({ nodeId }) =>
    Array.from({ length: partitionCount }, (_, partition) => {
      return { nodeId, partition, score: wordOf(hash("md5", `${nodeId}\0${partition}`, "binary"), 0) };
    }),
  );
  return pairs.toSorted((a, b) => b.score - a.score || (a.nodeId < b.nodeId ? -1 : 1));
}

type Placement = {
  /** What each node may still take; counted down. */
  readonly quotas: Map<NodeId, number>;
  /** Filled in place. */
  readonly owners: (NodeId | undefined)[];
  readonly distance: number;
};

function serve(ranked: readonly Pair[], { quotas, owners, distance }: Placement): void {
  for (const { nodeId, partition } of ranked) {
    const left = quotas.get(nodeId) ?? 0;
    if (left === 0 || owners[partition] !== undefined) continue;
    if (isNear(owners, partition, nodeId, distance)) continue;
    owners[partition] = nodeId;
    quotas.set(nodeId, left - 1);
  }
}

/** Whether the node owns a partition less than or exactly `distance` steps away, either way round. */
function isNear(
  owners: readonly (NodeId | undefined)[],
  partition: number,
  nodeId: NodeId,
  distance: number,
): boolean {
  for (let step = 1; step <= distance; step++) {
    if (owners[(partition + step) % owners.length] === nodeId) return true;
    if (owners.at((partition - step) % owners.length) === nodeId) return true;
  }
  return false;
}
