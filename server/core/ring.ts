/**
 * The ring: ranges of positions, and for each the members in the order in which they are responsible (Dynamo
 * §4.2, §4.3).
 *
 * Strategies 2 and 3 cut it in Q equal partitions, strategy 1 at the tokens of the nodes (§6.2). A ring is a
 * value made of the member set alone, so two nodes that know the same members have the same ring and nobody
 * has to hand it out. Its hash travels with every message: nodes that disagree notice at once.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";
import { type Position, partitionOf } from "./hash.ts";

export type Ring = {
  /** Ascending. */
  readonly members: readonly NodeId[];
  readonly partitionCount: number;
  /** Partition -> all members, each once: the preference list of its keys. */
  readonly orders: readonly (readonly NodeId[])[];
  /** Partition -> the first of its order. */
  readonly owners: readonly NodeId[];
  /** Where each partition ends, ascending, the end included; null for equal partitions. */
  readonly ends: readonly Position[] | null;
  /** Sixteen hexadecimal digits over all of it. */
  readonly hash: string;
};

/** What a ring is made of. `orders[partition]` names every member once, `ends` as in `Ring`. */
export type RingParts = Pick<Ring, "orders" | "ends">;

/** A ring of at least one partition. Throws if two orders are not of the same members. */
export function ringFrom({ orders, ends }: RingParts): Ring {
  const members = (orders[0] ?? []).toSorted();
  const named = members.join(",");
  if (members.length === 0 || orders.some((order) => order.toSorted().join(",") !== named)) {
    throw new Error("every partition's order names all members");
  }
  const owners = orders.flatMap((order) => order.slice(0, 1));
  return { members, partitionCount: orders.length, orders, owners, ends, hash: hashOf({ orders, ends }) };
}

/** The ring of nobody. */
export function emptyRing(partitionCount: number): Ring {
  return { members: [], partitionCount, orders: [], owners: [], ends: null, hash: "" };
}

/** Equal partitions with these owners, each walk going clockwise over them. Throws if an owner is no member. */
export function ringOf(
  memberIds: Iterable<NodeId>,
  partitionCount: number,
  assignment: readonly NodeId[],
): Ring {
  const members = [...new Set(memberIds)].toSorted();
  if (assignment.length !== partitionCount) {
    throw new Error(`${assignment.length} owners for ${partitionCount} partitions`);
  }
  const known = new Set(members);
  const stranger = assignment.find((owner) => !known.has(owner));
  if (stranger !== undefined) throw new Error(`the owner ${stranger} is no member of the ring`);
  return ringFrom({ orders: assignment.map((_, start) => walkFrom(assignment, start, members)), ends: null });
}

/** Clockwise from `start`, each owner once; of `members` those that own nothing come last, as they are given. */
export function walkFrom(
  owners: readonly NodeId[],
  start: number,
  members: readonly NodeId[],
): readonly NodeId[] {
  const walk = new Set<NodeId>();
  for (let step = 0; step < owners.length && walk.size < members.length; step++) {
    const owner = owners[(start + step) % owners.length];
    if (owner !== undefined) walk.add(owner);
  }
  for (const member of members) walk.add(member);
  return [...walk];
}

/** The partition that holds a position: the first that ends at it or behind it, or else, round the ring, the first. */
export function partitionAt({ ends, partitionCount }: Ring, position: Position): number {
  if (ends === null) return partitionOf(position, partitionCount);
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? "") < position) low = middle + 1;
    else high = middle;
  }
  return low % ends.length;
}

/** A node id holds neither a comma nor a slash. */
function hashOf({ orders, ends }: RingParts): string {
  const text = `${orders.map((order) => order.join(",")).join("/")}\0${ends?.join("") ?? ""}`;
  return hash("md5", text, "hex").slice(0, 16);
}
