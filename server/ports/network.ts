import type { PeerReply, PeerRequest } from "../rpc/messages.ts";

/**
 * What a node needs of a network: to ask one peer something and to be asked.
 *
 * A message may be lost, late, repeated or overtaken; `unreachable` therefore never means "did not happen". Each
 * direction of a pair has its own connection, so that a cut of one way is a cut of one way. Budgets travel as the
 * milliseconds that are left, never as a time of day.
 */

/** An operator's stable name, unique in the cluster: 1 to 64 of A–Z a–z 0–9 . _ - */
export type NodeId = string;

/** Who is speaking: a node of one name after an empty-disk restart is another incarnation, and says so. */
export type Sender = { readonly nodeId: NodeId; readonly incarnation: string; readonly boot: number };

export type Exchange =
  | { readonly type: "reply"; readonly reply: PeerReply }
  | { readonly type: "unreachable"; readonly reason: "timeout" | "refused" | "closed" | "overloaded" };

/** Answers one request. `budgetMs`: what the asker will still wait; 0 when it has given up. Must not reject; a thrown error ends the node. */
export type PeerHandler = (
  from: Sender,
  request: PeerRequest,
  budgetMs: number,
  /** Of the asker's ring, when it asked. */
  ringHash: string,
) => Promise<PeerReply>;

export interface Network {
  /** Asks `to` and waits at most `timeoutMs`. Resolves in any case; never rejects. */
  request(to: NodeId, request: PeerRequest, timeoutMs: number): Promise<Exchange>;

  /**
   * Starts answering, and speaking as `self`: who that is, is known only once the node has read its disk. Called
   * once, before the first request is made. `ringHash` is asked for each message that leaves and travels with it;
   * left out, it is "".
   */
  serve(self: Sender, handler: PeerHandler, ringHash?: () => string): Promise<void>;

  close(): Promise<void>;
}
