/**
 * What a workload needs of a database: siblings with a context, and writes that say how they ended.
 *
 * Values are bytes. A context is opaque: got with a read, handed back with the write that is built on it; empty when
 * the store knows nothing of the key. `harness` implements this over HTTP for real clusters and directly for
 * simulated ones, and records every request on the way.
 */
import type { CartContents, CartEffect, Observed, Tag, WriteId } from "../checkers/history/event.ts";

export type StoreRead =
  | {
      readonly type: "ok";
      readonly siblings: readonly Uint8Array[];
      /** What each sibling says of itself, in the order of `siblings`. */
      readonly observed: readonly Observed[];
      /** Write ids of the deletes that were returned. */
      readonly tombstones: readonly WriteId[];
      readonly context: string;
    }
  | { readonly type: "fail"; readonly error: string };

/** `fail`: it did not happen and never will. `info`: nobody can tell. */
export type StoreWrite =
  | { readonly type: "ok"; readonly context: string }
  | { readonly type: "fail" | "info"; readonly error: string };

export type PutRequest = {
  readonly key: string;
  readonly value: Uint8Array;
  /** Absent: a blind write, built on nothing. */
  readonly context?: string;
  readonly write: WriteId;
  readonly parents: readonly WriteId[];
  readonly effect?: CartEffect;
  readonly contents?: CartContents;
  readonly sold?: readonly Tag[];
};

export type DeleteRequest = {
  readonly key: string;
  readonly context: string;
  readonly write: WriteId;
  readonly parents: readonly WriteId[];
  readonly effect?: CartEffect;
};

/** One logical client's view of the database: one request at a time. Never rejects. */
export interface Store {
  get(key: string, options?: { readonly r?: number }): Promise<StoreRead>;
  put(request: PutRequest): Promise<StoreWrite>;
  delete(request: DeleteRequest): Promise<StoreWrite>;
}
