/** What clients do to a cluster that they should not, most of them beside those of the workload. */
import type { Done, NodeAddress } from "../cluster/cluster.ts";
import type { Going } from "./burden-client.ts";

export const loadBurdens = [
  "burst",
  "hot-key",
  "slow-clients",
  "corrupt-context",
  "swapped-context",
  "late-duplicates",
] as const;
export type LoadBurden = (typeof loadBurdens)[number];

/** A burden that has begun, with how it is seen to be there, and seen to be gone. */
export type Burden = {
  readonly going: Going;
  readonly holds: () => Promise<Done>;
  readonly isGone: () => Promise<Done>;
};

export type BurdenTarget = {
  /** All of the cluster, for looks. */
  readonly all: readonly NodeAddress[];
  /** Whom the clients ask. */
  readonly entries: readonly [NodeAddress, ...NodeAddress[]];
};

/** Where a client's turn enters. */
export const entryOf = ({ entries }: BurdenTarget, turn: number): string =>
  (entries[turn % entries.length] ?? entries[0]).httpUrl;
