/**
 * Who is responsible for a key: its N home nodes and everybody else in order as fallbacks (Dynamo §4.3, 4.6).
 *
 * The list is the walk clockwise from the key's partition, each physical node taken once and data centres in turn. Its
 * first N nodes are the homes. A sloppy quorum uses the first N *healthy* nodes: for each home that is down the next
 * healthy fallback stands in, and keeps what it is sent as a hint for that home.
 */
import type { NodeId } from "../ports/network.ts";
import type { Ring } from "./ring.ts";

export type PreferenceList = {
  /** The first min(n, members) distinct nodes. */
  readonly homes: readonly NodeId[];
  /** All other members, in the order in which they stand in. */
  readonly fallbacks: readonly NodeId[];
};

/** `standsInFor` is there for a fallback and names the home it stands in for. */
export type Target = { readonly node: NodeId; readonly standsInFor?: NodeId };

/** The preference list of a partition. Members that own nothing come last. */
export function preferenceList(ring: Ring, partition: number, n: number): PreferenceList {
  const order = ring.orders[partition] ?? [];
  return { homes: order.slice(0, n), fallbacks: order.slice(n) };
}

/** The lists of all partitions, computed once: partition -> list. */
export function preferenceLists(ring: Ring, n: number): readonly PreferenceList[] {
  return Array.from({ length: ring.partitionCount }, (_, partition) => preferenceList(ring, partition, n));
}

/**
 * The nodes to ask now: the healthy homes in order and, if `sloppy`, for each unhealthy home in order the
 * next healthy fallback. Shorter than N when too few nodes are healthy.
 */
export function targetsNow(
  list: PreferenceList,
  isHealthy: (node: NodeId) => boolean,
  { sloppy }: { readonly sloppy: boolean },
): readonly Target[] {
  const healthyHomes = list.homes.filter((node) => isHealthy(node));
  const targets: Target[] = healthyHomes.map((node) => ({ node }));
  if (!sloppy || healthyHomes.length === list.homes.length) return targets;

  const absent = list.homes.filter((node) => !healthyHomes.includes(node));
  const standIns = list.fallbacks.filter((node) => isHealthy(node));
  absent.forEach((home, index) => {
    const node = standIns[index];
    if (node !== undefined) targets.push({ node, standsInFor: home });
  });
  return targets;
}
