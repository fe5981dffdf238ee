/**
 * What a change of members moves. A copy has moved when a node is among the homes of a partition that was not before;
 * at least what the newcomer now has must move, or what the leaver had.
 */
import { preferenceList } from "./preference-list.ts";
import type { Ring } from "./ring.ts";
import { type PlacedMember, ringFor } from "./strategy.ts";

export const copies = 3;

export function balancedRing(members: readonly PlacedMember[], partitions: number): Ring {
  return ringFor(members, { strategy: 3, partitions }, copies);
}

export function homesOf(ring: Ring): readonly (readonly string[])[] {
  return ring.orders.map((_, partition) => preferenceList(ring, partition, copies).homes);
}

export function countOf(nodeId: string, ring: Ring): number {
  return homesOf(ring)
    .flat()
    .filter((home) => home === nodeId).length;
}

export function movedCount(before: Ring, after: Ring): number {
  const old = homesOf(before);
  return homesOf(after).flatMap((homes, partition) => homes.filter((home) => !old[partition]?.includes(home)))
    .length;
}
