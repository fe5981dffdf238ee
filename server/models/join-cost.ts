/**
 * What a join costs those who are there already (Dynamo §6.2): how much of their stores they read through for each key
 * they give away, how many of their Merkle trees are of a range that is no more, and how many archived ranges.
 *
 * Under strategy 1 a newcomer's tokens cut ranges in two. A store in which a range lies together has to be read for the
 * whole range to find the half that goes; one that knows nothing of ranges, as in the paper, is read from end to end.
 * Under strategies 2 and 3 a partition goes whole or stays, so what is read is what is sent.
 */
import { positionOf } from "../core/hash.ts";
import { partitionAt, type Ring } from "../core/ring.ts";
import type { NodeId } from "../ports/network.ts";

const copies = 3;

export type JoinCost = {
  /** Copies of keys that a node gets which it did not have. */
  readonly movedCount: number;
  /** Copies read for it by those who give them, if a store is kept by range, and if it is not. */
  readonly scannedByRange: number;
  readonly scannedWhole: number;
  /** Trees, one for each range a node keeps, whose range is no range of the new ring; and all trees there were. */
  readonly spoiledTreeCount: number;
  readonly treeCount: number;
  /** Ranges whose archive stands for no range of the new ring. */
  readonly spoiledArchiveCount: number;
};

/** `before` and `after` are rings of one strategy; `keys` are those of the whole store. */
export function joinCost(keys: readonly string[], before: Ring, after: Ring): JoinCost {
  const keyCounts = before.orders.map(() => 0);
  const gone = new Map<string, { readonly giver: NodeId; readonly range: number }>();
  let movedCount = 0;
  for (const key of keys) {
    const position = positionOf("carts", key);
    const range = partitionAt(before, position);
    keyCounts[range] = (keyCounts[range] ?? 0) + 1;
    const had = homesOf(before, range);
    const have = homesOf(after, partitionAt(after, position));
    movedCount += have.filter((node) => !had.includes(node)).length;
    for (const giver of had) if (!have.includes(giver)) gone.set(`${giver} ${range}`, { giver, range });
  }
  const givers = new Set([...gone.values()].map(({ giver }) => giver));
  const kept = new Set(rangesOf(after));
  const spoiled = rangesOf(before).filter((range) => !kept.has(range)).length;
  return {
    movedCount,
    scannedByRange: sum([...gone.values()].map(({ range }) => keyCounts[range] ?? 0)),
    scannedWhole: sum([...givers].map((giver) => heldBy(before, giver, keyCounts))),
    spoiledTreeCount: copies * spoiled,
    treeCount: copies * before.partitionCount,
    spoiledArchiveCount: spoiled,
  };
}

function homesOf(ring: Ring, range: number): readonly NodeId[] {
  return ring.orders[range]?.slice(0, copies) ?? [];
}

/** Each range by both of its ends. */
function rangesOf({ ends, partitionCount }: Ring): readonly string[] {
  if (ends === null)
    return Array.from({ length: partitionCount }, (_, index) => `${index} of ${partitionCount}`);
  return ends.map((end, index) => `${ends.at(index - 1)} to ${end}`);
}

function heldBy(ring: Ring, node: NodeId, keyCounts: readonly number[]): number {
  return sum(keyCounts.map((count, range) => (homesOf(ring, range).includes(node) ? count : 0)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
