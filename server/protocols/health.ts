/**
 * A node's health as it sees itself: how far it is, what its disk lets it do, how much is under way, whom it reaches.
 */
import type { NodeId } from "../ports/network.ts";

/** `draining`: still a replica, but takes no request of a client. */
export type Phase = "starting" | "serving" | "draining" | "stopping" | "stopped";

export type Health = {
  readonly nodeId: NodeId;
  /** "" and 0 before the start. */
  readonly incarnation: string;
  readonly boot: number;
  readonly phase: Phase;
  /** The disk refused a write: the node answers reads, and refuses to be counted for writes until it takes some again. */
  readonly isReadOnly: boolean;
  readonly areTreesBuilt: boolean;
  /** Damaged records kept aside, now or in an earlier life. */
  readonly quarantinedCount: number;
  /** Wall time at which the last whole reading of the store that found no damage began; null before there was one. */
  readonly storeCleanSinceMs: number | null;
  readonly requestsInFlight: number;
  readonly hintCount: number;
  readonly hintBytes: number;
  readonly peers: readonly { readonly nodeId: NodeId; readonly isReachable: boolean }[];
};
