/**
 * Events as the tables of a history take them in: text as numbers, lists as lists of numbers. There are two ways to
 * such a row, from an event (`event-rows.ts`) and straight from the bytes of a journal (`record-rows.ts`), and one
 * table for both. A row is filled, taken in and filled again: nothing is allocated a request.
 */
import type { Acknowledged, Attempt, CartContents, CartEffect, Invocation, Micros } from "./event.ts";
import type { Names } from "./names.ts";

export type Outcome = "ok" | "fail" | "info";
export type RequestKind = Invocation["kind"];
export type Action = CartEffect["action"] | "none";
export type Codec = CartContents["codec"] | "none";

// The place of a word in its list is the number that a column holds.
export const kinds: readonly RequestKind[] = ["get", "put", "delete"];
export const outcomes: readonly Outcome[] = ["ok", "fail", "info"];
export const attemptOutcomes: readonly Attempt["outcome"][] = ["ok", "none", "unknown"];
export const roles: readonly Acknowledged["role"][] = ["home", "fallback"];
export const durabilities: readonly Acknowledged["durability"][] = ["synced", "buffered"];
export const codecs: readonly Codec[] = ["none", "tagged", "union"];
export const actions: readonly Action[] = [
  ...(["none", "add", "remove", "set-quantity", "merge", "checkout", "blind"] as const),
  ...(["delete", "order", "one-shot"] as const),
];

/** The interners that a history's tables share. */
export type Vocabulary = {
  readonly keys: Names;
  readonly nodes: Names;
  readonly sessions: Names;
  readonly operations: Names;
  /** Write ids. A version is the number of one, whether or not its write was ever invoked. */
  readonly versions: Names;
  readonly digests: Names;
  readonly errors: Names;
  readonly tags: Names;
  readonly items: Names;
};

export class InvocationRow {
  id = 0;
  process = 0;
  session = 0;
  operation = 0;
  kind = 0;
  key = 0;
  entry = 0;
  intended: Micros = 0;
  at: Micros = 0;
  isFinal = false;
  /** Whether `written` belongs to it. */
  doesWrite = false;
  readonly written = new WrittenRow();
}

export class WrittenRow {
  version = 0;
  digest = 0;
  bytes = 0;
  action = 0;
  codec = 0;
  readonly parents: number[] = [];
  /** Tags, and place by place the item of each. */
  readonly added: number[] = [];
  readonly addedItems: number[] = [];
  readonly removed: number[] = [];
  readonly itemsOfRemoved: number[] = [];
  /** Items taken out, also those of which no tag had been observed. */
  readonly removedItems: number[] = [];
  /** Tags of a tagged cart, with their items; items of a union cart. */
  readonly live: number[] = [];
  readonly liveItems: number[] = [];
  readonly dead: number[] = [];
  readonly sold: number[] = [];

  clear(): void {
    this.action = 0;
    this.codec = 0;
    this.parents.length = 0;
    this.added.length = 0;
    this.addedItems.length = 0;
    this.removed.length = 0;
    this.itemsOfRemoved.length = 0;
    this.removedItems.length = 0;
    this.live.length = 0;
    this.liveItems.length = 0;
    this.dead.length = 0;
    this.sold.length = 0;
  }
}

export class CompletionRow {
  id = 0;
  at: Micros = 0;
  outcome = 0;
  error = 0;
  /** Versions, -1 where the bytes name no write, and place by place their digests. */
  readonly observed: number[] = [];
  readonly digests: number[] = [];
  readonly tombstones: number[] = [];
  /** As `acknowledgementOf` makes them. */
  readonly acknowledged: number[] = [];
  /** -1 where nobody named one. */
  coordinator = -1;
  readonly attemptNodes: number[] = [];
  readonly attemptOutcomes: number[] = [];
  readonly attemptErrors: number[] = [];
  /** From and until of each attempt, one after the other. */
  readonly attemptTimes: number[] = [];

  clear(): void {
    this.observed.length = 0;
    this.digests.length = 0;
    this.tombstones.length = 0;
    this.acknowledged.length = 0;
    this.coordinator = -1;
    this.attemptNodes.length = 0;
    this.attemptOutcomes.length = 0;
    this.attemptErrors.length = 0;
    this.attemptTimes.length = 0;
  }
}

/** Node, role and durability of an acknowledgement in one number. */
export const acknowledgementOf = (node: number, role: number, durability: number): number =>
  (node << 2) | (role << 1) | durability;
