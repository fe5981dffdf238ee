/**
 * Consistent hashing with tokens (Dynamo §4.2, §6.2): each node has points on the ring, and a walk clockwise
 * from a position meets nodes by their tokens.
 *
 * Strategy 1 cuts the ring at the tokens, so every range is as wide as chance made it. Strategy 2 cuts it in
 * equal partitions and uses tokens only to say who has them: first N distinct nodes from the partition's end.
 * Both are here to be compared with strategy 3, which is better at everything but explaining; see `claim.ts`.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";
import { type Position, positionAt } from "./hash.ts";
import { walkFrom } from "./ring.ts";
import { type Located, spread } from "./spread.ts";

/** `tokens`: where the node's tokens lie, in 32 hexadecimal digits each; absent, chance of its name decides. */
export type TokenMember = Located & { readonly capacity?: number; readonly tokens?: readonly string[] };

/** All tokens clockwise, ascending; a place taken twice belongs to the lower id. */
type Circle = { readonly positions: readonly Position[]; readonly nodes: readonly NodeId[] };

/** Strategy 1: ranges that end at the tokens. `tokensPerNode` for a capacity of 1. */
export function tokenRanges(
  members: readonly TokenMember[],
  tokensPerNode: number,
): { readonly orders: readonly (readonly NodeId[])[]; readonly ends: readonly Position[] } {
  const circle = circleOf(members, tokensPerNode);
  const orders = circle.nodes.map((_, start) => orderFrom(circle, start, members));
  return { orders, ends: circle.positions };
}

/** Strategy 2: equal partitions, each with the walk from its end; a token exactly there comes first. */
export function tokenPlacedPartitions(
  members: readonly TokenMember[],
  tokensPerNode: number,
  partitionCount: number,
): readonly (readonly NodeId[])[] {
  const circle = circleOf(members, tokensPerNode);
  return Array.from({ length: partitionCount }, (_, partition) => {
    const end = endOf(partition, partitionCount);
    const start = circle.positions.findIndex((position) => position >= end);
    return orderFrom(circle, Math.max(start, 0), members);
  });
}

/** The tokens of a node: as many as its capacity asks, at least one. */
export function tokensOf(
  { nodeId, capacity = 1, tokens }: TokenMember,
  tokensPerNode: number,
): readonly Position[] {
  if (tokens !== undefined) return tokens.map((token) => positionAt(BigInt(`0x${token}`)));
  const count = Math.max(1, Math.round(tokensPerNode * capacity));
  return Array.from({ length: count }, (_, index) => hash("md5", `${nodeId}\0token\0${index}`, "binary"));
}

function circleOf(members: readonly TokenMember[], tokensPerNode: number): Circle {
  const owners = new Map<Position, NodeId>();
  for (const member of members.toSorted((a, b) => (a.nodeId > b.nodeId ? -1 : 1))) {
    for (const position of tokensOf(member, tokensPerNode)) owners.set(position, member.nodeId);
  }
  const positions = [...owners.keys()].toSorted();
  return { positions, nodes: positions.map((position) => owners.get(position) ?? "") };
}

function orderFrom({ nodes }: Circle, start: number, members: readonly TokenMember[]): readonly NodeId[] {
  const byId = new Map(members.map((member) => [member.nodeId, member]));
  const walk = walkFrom(nodes, start, [...byId.keys()].toSorted());
  return spread(walk.map((nodeId) => byId.get(nodeId) ?? { nodeId }));
}

/** The last position of an equal partition; that of the last one is 0, where the ring closes. */
function endOf(partition: number, partitionCount: number): Position {
  const ring = 2n ** 128n;
  return positionAt(((BigInt(partition + 1) * ring) / BigInt(partitionCount)) % ring);
}
