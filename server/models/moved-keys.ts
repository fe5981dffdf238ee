/**
 * What share of keys changes its node when one node is added (Dynamo §4.2): by consistent hashing, and by the
 * remainder of a division, which moves nearly all.
 */
import { numberOf, positionOf } from "../core/hash.ts";
import { partitionAt, type Ring } from "../core/ring.ts";

export function movedByRing(keys: readonly string[], before: Ring, after: Ring): number {
  return keys.filter((key) => ownerIn(before, key) !== ownerIn(after, key)).length / keys.length;
}

export function movedByRemainder(keys: readonly string[], before: number, after: number): number {
  return (
    keys.filter((key) => numberFor(key) % BigInt(before) !== numberFor(key) % BigInt(after)).length /
    keys.length
  );
}

function ownerIn(ring: Ring, key: string): string | undefined {
  return ring.owners[partitionAt(ring, positionOf("carts", key))];
}

function numberFor(key: string): bigint {
  return numberOf(positionOf("carts", key));
}
