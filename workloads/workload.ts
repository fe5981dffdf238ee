/**
 * A workload: what clients do, as plain values made from a seed, and how one wish is carried out against a store.
 *
 * `wish` is a pure function of the seed: it says what the n-th arrival wants, before anything runs. `apply` turns a
 * wish into requests; it decides nothing by chance or by time, and its only awaits are the store's. Which checkers
 * judge the history is named here too.
 */
import type { Checker } from "../checkers/checker.ts";
import type { Observed } from "../checkers/history/event.ts";
import type { Store } from "./store.ts";

/** What every wish says, whatever it is about. */
export type Wish = {
  /** The shopper's device. Arrivals of a busy session go to a fresh process of that session. */
  readonly session: string;
  /** Where the client enters the cluster: any whole number >= 0, taken modulo the number of nodes. */
  readonly entry: number;
};

/** One logical client: never two requests at once, and retired when one of them ends unknown. */
export interface ClientProcess {
  /** Begins the next cart operation and names it `<process>.<sequence>`; the requests that follow belong to it. */
  nextOperation(): string;
  readonly store: Store;
}

/** How a wish ended for its client, all its requests together. After `info` the process must not be used again. */
export type Applied = { readonly type: "ok" } | { readonly type: "fail" | "info"; readonly error: string };

export type Workload<W extends Wish, Memory> = {
  readonly name: string;
  /** The wish of the `index`-th arrival. Pure: same options, seed and index, same wish. */
  readonly wish: (index: number) => W;
  /** What a session remembers between its wishes. All processes of one session share it. */
  readonly newMemory: (session: string) => Memory;
  readonly apply: (wish: W, client: ClientProcess, memory: Memory) => Promise<Applied>;
  /** What the bytes of a sibling say of themselves; never throws. */
  readonly observe: (value: Uint8Array) => Observed;
  readonly checkers: readonly Checker[];
  /** Mean number of requests of one wish, to turn requests/s into arrivals/s. */
  readonly requestsPerWish: number;
};

/** One arrival as the load loop sees it: whose it is, and a way to carry it out. */
export type Arrival = {
  readonly wish: Wish;
  readonly carryOut: (client: ClientProcess) => Promise<Applied>;
};

/** A workload with its sessions' memories: what its wishes and memories are made of is its own business. */
export type Population = {
  readonly name: string;
  readonly arrival: (index: number) => Arrival;
  readonly observe: (value: Uint8Array) => Observed;
  readonly checkers: readonly Checker[];
  readonly requestsPerWish: number;
};

/** The clients of one run, remembering nothing yet. */
export function populate<W extends Wish, Memory>(workload: Workload<W, Memory>): Population {
  const memories = new Map<string, Memory>();
  const memoryOf = (session: string): Memory => {
    const known = memories.get(session);
    if (known !== undefined) return known;
    const fresh = workload.newMemory(session);
    memories.set(session, fresh);
    return fresh;
  };
  return {
    name: workload.name,
    observe: workload.observe,
    checkers: workload.checkers,
    requestsPerWish: workload.requestsPerWish,
    arrival: (index) => {
      const wish = workload.wish(index);
      return { wish, carryOut: (client) => workload.apply(wish, client, memoryOf(wish.session)) };
    },
  };
}
