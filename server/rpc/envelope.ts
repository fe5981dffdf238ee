/**
 * What goes round every message between nodes: which cluster, who speaks, which request, under which ring,
 * and how long the asker will still wait. The budget is what is left in ms, never a time of day: clocks
 * differ. When it was sent is a reading of the sender's own clock, of use only beside others of the same sender.
 */
import type { Sender } from "../ports/network.ts";
import type { PeerReply, PeerRequest } from "./messages.ts";

export type Envelope = {
  readonly clusterId: string;
  readonly sender: Sender;
  /** Chosen by the asker, unique on its connection; a reply carries the id of its request. 0 to 2^53 - 1. */
  readonly requestId: number;
  /** Hash of the sender's ring; nodes that differ notice at once. */
  readonly ringHash: string;
  /** What the asker will still wait, >= 0; 0 in a reply. */
  readonly budgetMs: number;
  /** The sender's monotonic clock as the message left, >= 0; see core/remaining-patience.ts. */
  readonly sentMs: number;
};

export type PeerMessage =
  | { readonly type: "request"; readonly envelope: Envelope; readonly request: PeerRequest }
  | { readonly type: "reply"; readonly envelope: Envelope; readonly reply: PeerReply };
