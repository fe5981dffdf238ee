/**
 * Which node owns which partition (Dynamo §6.2, strategy 3: Q / S partitions a node), as a pure function of
 * the members.
 *
 * The members join one after the other in the order of their seats. Each takes its share from those that have
 * more than theirs, and leaves everything else where it is. So a newcomer, who has the last seat, moves what
 * it must and nothing else; and when a node leaves and the last seat's member takes its place, at most its
 * share and the leaver's move. Nothing here depends on names: five nodes of equal capacity always have the
 * plan of five seats.
 *
 * A node keeps N - 1 partitions away from its own if it can. Then every walk of N partitions meets N nodes,
 * each partition owned is N copies kept, and copies are spread as evenly as partitions.
 */
import { hash } from "node:crypto";
import type { NodeId } from "../ports/network.ts";
import { wordOf } from "./hash.ts";
import { seated } from "./seats.ts";

/** `capacity` (default 1, > 0) is the share relative to the others. `seat`: see `seats.ts`. */
export type ClaimMember = { readonly nodeId: NodeId; readonly capacity?: number; readonly seat?: number };

type Plan = {
  /** Seat -> capacity. */
  readonly capacities: readonly number[];
  /** Partition -> seat of the owner; changed in place while the members join. */
  readonly owners: number[];
  /** Partitions between two of one node, if possible. */
  readonly distance: number;
};

/**
 * Partition -> owner. `members` in any order, at least one, their ids distinct; `n` is the number of copies.
 * Each owns its share by capacity rounded down or up.
 */
export function assign(
  members: readonly ClaimMember[],
  partitionCount: number,
  n: number,
): readonly NodeId[] {
  const bySeat = seated(members);
  return planOf(
    bySeat.map(({ capacity = 1 }) => capacity),
    partitionCount,
    n,
  ).map((seat) => {
    const owner = bySeat[seat];
    if (owner === undefined) throw new Error(`nobody has seat ${seat}`);
    return owner.nodeId;
  });
}

/** Partition -> seat. */
function planOf(capacities: readonly number[], partitionCount: number, n: number): readonly number[] {
  // Up to N nodes each has a copy of everything, and with one more every arrangement moves as little: so begin there.
  const first = Math.min(capacities.length, n + 1);
  const owners = dealt(capacities.slice(0, first), partitionCount, Math.min(first, n) - 1);
  for (let count = first; count < capacities.length; count++) {
    join({ capacities: capacities.slice(0, count + 1), owners, distance: n - 1 });
  }
  return owners;
}

/**
 * The first seats, each as often as its capacity asks. Of those far enough from their own, the next is the
 * one that has followed the last one least, or else has most to come: so whoever takes over from a node is as
 * mixed as can be.
 */
function dealt(capacities: readonly number[], partitionCount: number, apart: number): number[] {
  const left = [...quotasOf(capacities, [partitionCount])];
  const owners = Array.from({ length: partitionCount }, () => nobody);
  const followed = new Map<string, number>();
  for (let partition = 0; partition < partitionCount; partition++) {
    const open = [...left.keys()].filter((seat) => (left[seat] ?? 0) > 0);
    const far = open.filter((seat) => !isNear(owners, { partition, seat, apart }));
    const pair = (seat: number): string => `${owners[partition - 1]} ${seat}`;
    const cost = (seat: number): number => (followed.get(pair(seat)) ?? 0) - (left[seat] ?? 0);
    const seat = (far.length > 0 ? far : open).reduce((a, b) => (cost(b) < cost(a) ? b : a));
    followed.set(pair(seat), (followed.get(pair(seat)) ?? 0) + 1);
    left[seat] = (left[seat] ?? 0) - 1;
    owners[partition] = seat;
  }
  return owners;
}

/** Stands in a partition that has no owner yet. */
const nobody = -1;

/** The last seat takes its share; then whoever has less than it should, since shares are rounded. */
function join(plan: Plan): void {
  const counts = countsOf(plan);
  const quotas = quotasOf(plan.capacities, counts);
  const surplus = counts.map((count, seat) => count - (quotas[seat] ?? 0));
  for (let seat = plan.capacities.length - 1; seat >= 0; seat--) take(plan, surplus, seat);
}

/** Moves partitions to `taker` until it lacks none, as far from its own as can be; counts along in `surplus`. */
function take({ owners, distance }: Plan, surplus: number[], taker: number): void {
  let lacking = -(surplus[taker] ?? 0);
  const candidates = lacking > 0 ? inOrderFor(taker, owners.length) : [];
  for (let apart = distance; apart >= 0 && lacking > 0; apart--) {
    for (const partition of candidates) {
      const giver = owners[partition] ?? taker;
      const left = surplus[giver] ?? 0;
      if (lacking === 0 || left <= 0 || isNear(owners, { partition, seat: taker, apart })) continue;
      owners[partition] = taker;
      surplus[giver] = left - 1;
      lacking -= 1;
    }
  }
  surplus[taker] = -lacking;
}

/**
 * How many partitions each seat shall have: its share by capacity rounded down, and the rest one each to
 * those that have more already, then to the last seat, then to the others.
 */
function quotasOf(capacities: readonly number[], counts: readonly number[]): readonly number[] {
  const total = sum(capacities);
  const shares = capacities.map((capacity) => (sum(counts) * capacity) / total);
  const quotas = shares.map((share) => Math.floor(share + roundingSlack));
  const excess = counts.map((count, seat) => count - (quotas[seat] ?? 0));
  const last = capacities.length - 1;
  const rank = (seat: number): number => (seat === last ? 0.5 : (excess[seat] ?? 0));
  const seats = [...capacities.keys()].toSorted((a, b) => rank(b) - rank(a) || a - b);
  for (const seat of seats.slice(0, sum(counts) - sum(quotas))) quotas[seat] = (quotas[seat] ?? 0) + 1;
  return quotas;
}

/** A share that is whole but for the last bits of its division counts as whole. */
const roundingSlack = 1e-9;

/** All partitions in an order of the seat's own, as good as random, so that neighbours are mixed. */
function inOrderFor(seat: number, partitionCount: number): readonly number[] {
  const scores = Array.from({ length: partitionCount }, (_, partition) => {
    return wordOf(hash("md5", `${seat}/${partition}`, "binary"), 0);
  });
  return [...scores.keys()].toSorted((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
}

type Spot = { readonly partition: number; readonly seat: number; readonly apart: number };

/** Whether the seat owns a partition at most `apart` steps away, either way round. */
function isNear(owners: readonly number[], { partition, seat, apart }: Spot): boolean {
  for (let step = 1; step <= apart; step++) {
    if (owners[(partition + step) % owners.length] === seat) return true;
    if (owners.at((partition - step) % owners.length) === seat) return true;
  }
  return false;
}

function countsOf({ owners, capacities }: Plan): readonly number[] {
  const counts = capacities.map(() => 0);
  for (const seat of owners) counts[seat] = (counts[seat] ?? 0) + 1;
  return counts;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
