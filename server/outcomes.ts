/**
 * Every outcome a client can see.
 *
 * Three endings, never two: `ok` it happened; `fail` it definitely did not and never will; `info` nobody can tell.
 * A write is `fail` only while nothing was applied here and nothing was sent anywhere; from the first append or the
 * first message on it is `info` for ever, because a replica may have it.
 */
import type { NodeId } from "./ports/network.ts";
import type { Durability } from "./ports/storage.ts";

export type ClientGet = {
  readonly bucket: string;
  readonly key: string;
  /** Of the key's homes only so many take part; at most as many as the bucket has. */
  readonly n?: number;
  readonly r?: number;
  readonly pr?: number;
  /** The token of an earlier answer: the read must not show less than that one did. */
  readonly minContext?: string;
  readonly timeoutMs?: number;
};

/** `value` null deletes. `context` is the token of an earlier answer; absent is a blind write. */
export type ClientWrite = {
  readonly bucket: string;
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly context?: string;
  /** The client's own name for this write, the same on every retry; minted by the server when absent. */
  readonly writeId?: string;
  /** Of the key's homes only so many are sent the write; anti-entropy brings it to the others. */
  readonly n?: number;
  readonly w?: number;
  readonly pw?: number;
  readonly dw?: number;
  readonly timeoutMs?: number;
};

/** Name -> HTTP status and meaning. The table in server/README.md and the API's answers are made from this. */
export const errors = {
  "bad-request": {
    status: 400,
    meaning: "the request is malformed; the sentence says which field and what was expected",
  },
  "bad-context": { status: 400, meaning: "the context is no token of this store, or belongs to another key" },
  "no-such-route": {
    status: 404,
    meaning: "no call of the API has this method and path; the sentence names those there are",
  },
  "method-not-allowed": {
    status: 405,
    meaning: "the path has no call of this method; the header allow names those it has",
  },
  "too-slow": {
    status: 408,
    meaning: "the head of the request did not arrive within its time; the connection ends",
  },
  "order-refused": {
    status: 409,
    meaning: "an operator's order that the cluster, as it is, does not allow; nothing was changed",
  },
  precondition: {
    status: 412,
    meaning: "writes here are conditional on nothing but the context; none with if-match or the like is made",
  },
  "too-large": { status: 413, meaning: "the value is over the limit" },
  "too-many-siblings": {
    status: 413,
    meaning: "the key has so many concurrent versions that it must be merged first",
  },
  "encoded-body": {
    status: 415,
    meaning: "values are kept as they come and given back without a content-encoding, so none may have one",
  },
  "headers-too-large": {
    status: 431,
    meaning: "request line and headers are over the limit; the connection ends",
  },
  overloaded: { status: 429, meaning: "the node sheds load; nothing was done" },
  "quorum-unmet": { status: 503, meaning: "fewer replicas answered than were asked for" },
  "context-unmet": {
    status: 503,
    meaning: "nobody who answered knows all that the given min-context says has been seen",
  },
  "read-only": { status: 503, meaning: "the node's disk refuses writes" },
  "shutting-down": { status: 503, meaning: "the node is stopping or being drained; nothing was done" },
  "not-a-member": {
    status: 503,
    meaning: "the node has not been let in under its present incarnation; nothing was done",
  },
  internal: {
    status: 500,
    meaning: "a fault of the node itself, which now ends; nobody can say what was done",
  },
  timeout: { status: 504, meaning: "the replicas did not answer within the time given" },
} as const;

export type ErrorName = keyof typeof errors;

export type Acknowledgement = {
  readonly node: NodeId;
  /** `fallback`: the node keeps the write as a hint for `standsInFor`. */
  readonly role: "home" | "fallback";
  readonly standsInFor?: NodeId;
  readonly durability: Durability;
};

export type ReturnedSibling = { readonly value: Uint8Array; readonly writeId: string };

export type GetOutcome =
  | {
      readonly type: "ok";
      /** Concurrent values, none when the key is absent or deleted. */
      readonly siblings: readonly ReturnedSibling[];
      /** Write ids of the deletes that are concurrent with the siblings, or all there is. */
      readonly tombstones: readonly string[];
      readonly context: string;
      readonly coordinator: NodeId;
      readonly repliedNodes: readonly NodeId[];
    }
  | {
      readonly type: "fail";
      readonly error: ErrorName;
      readonly detail: string;
      readonly needed?: number;
      readonly had?: number;
    };

export type WriteOutcome =
  | {
      readonly type: "ok";
      readonly context: string;
      readonly writeId: string;
      readonly dot: string;
      readonly coordinator: NodeId;
      readonly acknowledgements: readonly Acknowledgement[];
      /** Some acknowledgement came from a fallback. */
      readonly degraded: boolean;
    }
  | {
      readonly type: "fail" | "info";
      readonly error: ErrorName;
      readonly detail: string;
      readonly needed?: number;
      readonly had?: number;
    };
