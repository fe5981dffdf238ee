/**
 * A node's client interface, as a client reaches it: over HTTP in the real world, by a call in the simulated one.
 *
 * Silence is an ending like any other. A write that was sent and never answered may have happened; one whose node
 * could not be reached at all has not.
 */
import type { RingView } from "../node.ts";
import type { ClientGet, ClientWrite, ErrorName, GetOutcome, WriteOutcome } from "../outcomes.ts";
import type { NodeId } from "../ports/network.ts";

/** `minContext`: the answer must cover what this token says, or there is none. */
export type ReadRequest = ClientGet & { readonly minContext?: string };

/** A client names each of its writes, so that a retry is the same write. */
export type WriteRequest = ClientWrite & { readonly writeId: string };

/** What a client can be told instead of an answer: an error of the store, or that nobody was there to give one. */
export type ClientError = ErrorName | "unreachable";

export type Refused<Type> = {
  readonly type: Type;
  readonly error: ClientError;
  readonly detail: string;
  readonly needed?: number;
  readonly had?: number;
};

export type ReadEnding = Extract<GetOutcome, { type: "ok" }> | Refused<"fail">;
export type WriteEnding = Extract<WriteOutcome, { type: "ok" }> | Refused<"fail" | "info">;

/** Every call resolves within `timeoutMs`, and never rejects. Whoever asks has seen to it that a key has UTF-8. */
export interface Entry {
  get(node: NodeId, request: ReadRequest, timeoutMs: number): Promise<ReadEnding>;
  write(node: NodeId, request: WriteRequest, timeoutMs: number): Promise<WriteEnding>;
  /** The ring as the node knows it; undefined when it did not say. */
  ring(node: NodeId, timeoutMs: number): Promise<RingView | undefined>;
  close(): Promise<void>;
}

/**
 * How one attempt at a request is made; what differs between a client that is driven by the servers and one that
 * drives itself.
 */
export interface Driver {
  /** `tried` are the nodes that earlier attempts of the same request went to; the attempt adds its own. */
  read(request: ReadRequest, attempt: Attempt): Promise<ReadEnding>;
  write(request: WriteRequest, attempt: Attempt): Promise<WriteEnding>;
  close(): Promise<void>;
}

export type Attempt = { readonly tried: Set<NodeId>; readonly timeoutMs: number };
