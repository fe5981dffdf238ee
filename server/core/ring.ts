/**
 * The ring: Q equal partitions and the node that owns each (Dynamo §6.2, strategy 3).
 *
 * A ring is a value made of the member set alone, so two nodes that know the same members have the same ring
 * and nobody has to hand it out. Its hash travels with every message: nodes that disagree notice at once.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";

export type Ring = {
  /** Ascending. */
  readonly members: readonly NodeId[];
  readonly partitionCount: number;
  /** Partition -> its owner; the walk for a preference list begins there. */
  readonly owners: readonly NodeId[];
  /** Sixteen hexadecimal digits over members and owners. */
  readonly hash: string;
};

/** A ring of these members, with `assignment[partition]` as owners. Throws if an owner is no member. */
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
  return { members, partitionCount, owners: [...assignment], hash: ringHash(members, assignment) };
}

/** Equal for equal members and owners. A node id holds neither a comma nor a slash. */
export function ringHash(members: readonly NodeId[], owners: readonly NodeId[]): string {
  return hash("md5", `${members.join(",")}/${owners.join(",")}`, "hex").slice(0, 16);
}
