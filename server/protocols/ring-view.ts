/**
 * The ring and the members as they are told to clients and operators.
 *
 * A client that coordinates itself makes the same placements of the same table with the same modules, so the table
 * travels, and the rest is for people.
 */
import type { BucketConfig, Member, NodeConfig } from "../config.ts";
import { type TableDelta, tableHash } from "../core/cluster-table.ts";
import type { Change, Member as LivingMember, NodeAddress } from "../core/membership.ts";
import type { Strategy } from "../core/strategy.ts";
import type { NodeId } from "../ports/network.ts";
import type { Placements } from "./placement.ts";

/** homes: the key's N nodes, in order. fallbacks: all other nodes, in the order in which they stand in. */
export type Preference = {
  readonly partition: number;
  readonly homes: readonly NodeId[];
  readonly fallbacks: readonly NodeId[];
};

export type RingView = {
  readonly hash: string;
  readonly partitionCount: number;
  readonly placement: Strategy;
  readonly members: readonly Member[];
  /** Of this all the rest is made; the hash is equal for equal tables. */
  readonly table: TableDelta;
  readonly tableHash: string;
  /** The settings of every bucket that has its own; `default` serves all others. */
  readonly buckets: readonly ({ readonly name: string } & BucketConfig)[];
  /** For each partition all members, in the order of the preference list. */
  readonly partitions: readonly (readonly NodeId[])[];
};

export type MembershipView = {
  /** Those that are leaving too; ascending. */
  readonly members: readonly LivingMember[];
  /** By node, then number. */
  readonly history: readonly Change[];
};

export function ringViewOf(
  config: NodeConfig,
  placements: Placements,
  whereIs: (nodeId: NodeId) => NodeAddress | undefined,
): RingView {
  const { ring, table } = placements;
  const { n } = placements.bucket("default");
  return {
    hash: ring.hash,
    partitionCount: ring.partitionCount,
    placement: config.placement ?? { strategy: 3, partitions: ring.partitionCount },
    members: ring.members.flatMap((nodeId) => {
      const address = whereIs(nodeId);
      if (address === undefined) return [];
      const { host, rpcPort, httpPort } = address;
      const { capacity = 1, dc = "", rack = "" } = placements.members.get(nodeId) ?? {};
      return [{ nodeId, host, rpcPort, httpPort, capacity, dc, rack }];
    }),
    table: { changes: inOrder(table.history), holdings: inOrder(table.holdings) },
    tableHash: tableHash(table),
    buckets: [...config.buckets].map(([name, settings]) => ({ name, ...settings })),
    partitions: Array.from({ length: ring.partitionCount }, (_, partition) => {
      const { homes, fallbacks } = placements.listOf({ partition, copies: n });
      return [...homes, ...fallbacks];
    }),
  };
}

/** By key, whatever the order in which this node heard of them. */
function inOrder<T>(entries: ReadonlyMap<string, T>): readonly T[] {
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** Of a member: as this node was configured to reach it, else as it says itself. */
export function addressOf(
  nodeId: NodeId,
  { members, addresses = [] }: NodeConfig,
  placements: Placements,
): NodeAddress | undefined {
  const configured = [...members, ...addresses].find((member) => member.nodeId === nodeId);
  return configured ?? placements.members.get(nodeId)?.address ?? undefined;
}

export function membershipViewOf({ members, table }: Placements): MembershipView {
  const history = [...table.history].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
  return { members: [...members.values()], history };
}
