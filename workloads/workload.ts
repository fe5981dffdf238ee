/**
 * A workload: what clients do, as plain values made from a seed, and how one wish is carried out against a store.
 *
 * `plan` is a pure function of the seed: it says what the n-th arrival wants, before anything runs. `apply` turns a
 * wish into requests; it decides nothing by chance or by time. Which checkers judge it is named here too.
 */
import type { Checker } from "../checkers/checker.ts";
import type { Store } from "./store.ts";

/** Numbers of one seeded stream. Streams of different names are independent: see `streamOf` in generator/. */
export interface Stream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer, both ends included. */
  integer(low: number, high: number): number;
}

/** Who acts: a logical client that is reused until one of its requests ends unknown. */
export type Actor<Memory> = {
  readonly process: number;
  readonly session: string;
  /** Next sequence number of this process; makes op ids `<process>.<sequence>`. */
  nextOperation(): string;
  /** What this session remembers between its operations. */
  readonly memory: Memory;
};

/** How an operation ended for its client, all its requests together. */
export type Applied = { readonly type: "ok" | "fail" | "info"; readonly error?: string };

export type Workload<Wish, Memory> = {
  readonly name: string;
  /** The wish of the `index`-th arrival. Pure: same options, seed and index, same wish. */
  readonly wish: (index: number) => Wish;
  /** Which session an arrival belongs to; arrivals of one busy session go to a fresh process of that session. */
  readonly sessionOf: (wish: Wish) => string;
  readonly newMemory: (session: string) => Memory;
  readonly apply: (wish: Wish, actor: Actor<Memory>, store: Store) => Promise<Applied>;
  readonly checkers: readonly Checker[];
  /** Mean number of requests of one wish, to turn requests/s into arrivals/s. */
  readonly requestsPerWish: number;
};
