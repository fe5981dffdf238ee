/**
 * The three ways to place data (Dynamo §6.2), each from the member set to a ring and a function of nothing
 * else.
 *
 * Strategy 3 gives every data centre a plan of its own (`claim.ts`) and deals the nodes of a list out to the
 * data centres in turn; who begins goes round the ring in equal arcs. So a join or leave moves data in its
 * own data centre only, and all data centres keep the same number of copies, whatever their size: give them
 * the same capacity.
 */
import type { NodeId } from "../ports/network.ts";
import { assign, type ClaimMember } from "./claim.ts";
import { type Ring, ringFrom, walkFrom } from "./ring.ts";
import { spread } from "./spread.ts";
import { type TokenMember, tokenPlacedPartitions, tokenRanges } from "./tokens.ts";

/** What placement asks of a member. Only strategies 1 and 2 look at `tokens`, only strategy 3 at `seat`. */
export type PlacedMember = ClaimMember & TokenMember;

export type Strategy =
  /** T random tokens a node, and the ranges between them. */
  | { readonly strategy: 1; readonly tokensPerNode: number }
  /** Equal partitions, placed by T random tokens a node. */
  | { readonly strategy: 2; readonly tokensPerNode: number; readonly partitions: number }
  /** Equal partitions, dealt out evenly. */
  | { readonly strategy: 3; readonly partitions: number };

/** The ring of these members, in whatever order; at least one. `n` is the usual number of copies. */
export function ringFor(members: readonly PlacedMember[], strategy: Strategy, n: number): Ring {
  switch (strategy.strategy) {
    case 1:
      return ringFrom(tokenRanges(members, strategy.tokensPerNode));
    case 2: {
      const { tokensPerNode, partitions } = strategy;
      return ringFrom({ orders: tokenPlacedPartitions(members, tokensPerNode, partitions), ends: null });
    }
    case 3:
      return ringFrom({ orders: dealtOut(members, strategy.partitions, n), ends: null });
  }
}

/** Partition -> order: a walk in each data centre, the one whose arc it is first. */
function dealtOut(
  members: readonly PlacedMember[],
  partitionCount: number,
  n: number,
): readonly (readonly NodeId[])[] {
  const byId = new Map(members.map((member) => [member.nodeId, member]));
  const names = [...new Set(members.map(({ dc = "" }) => dc))].toSorted();
  const copies = Math.ceil(n / names.length);
  const centres = names.map((name) => {
    const nodes = members.filter(({ dc = "" }) => dc === name);
    const ids = nodes.map(({ nodeId }) => nodeId).toSorted();
    return { ids, owners: assign(nodes, partitionCount, copies) };
  });
  return Array.from({ length: partitionCount }, (_, partition) => {
    const arc = Math.floor((partition * centres.length) / partitionCount);
    const inTurn = [...centres.slice(arc), ...centres.slice(0, arc)];
    const walk = inTurn.flatMap(({ ids, owners }) => walkFrom(owners, partition, ids));
    return spread(walk.map((nodeId) => byId.get(nodeId) ?? { nodeId }));
  });
}
