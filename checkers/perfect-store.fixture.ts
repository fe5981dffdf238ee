/**
 * A tiny store that does everything right, driven by a list of steps, and the history that its clients would record:
 * siblings, contexts, tombstones, unknown outcomes, final reads, dumps and calm. A property test takes such a history
 * as valid, breaks it in a known way, and demands the verdict.
 */
import * as fc from "fast-check";
import type { Completion, HistoryEvent, Invocation, Observed, RunStarted, WriteId } from "./history/event.ts";
import { NotatedCarts } from "./history/notation-cart.ts";
import { runOf } from "./history/notation-run.ts";

/** One client's wish. `fresh` clients read before they write; others build on what they read last, however old. */
export type Step = {
  readonly client: number;
  readonly key: number;
  readonly wish: "read" | "add" | "remove" | "delete" | "merge";
  readonly item: number;
  readonly fresh: boolean;
  /** "lost" is unknown to the client and never reached the store; "kept" is unknown and did. */
  readonly end: "ok" | "fail" | "lost" | "kept";
};

export const stepsArbitrary: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    client: fc.nat(3),
    key: fc.nat(2),
    wish: fc.constantFrom("read", "add", "add", "add", "remove", "delete", "merge"),
    item: fc.nat(3),
    fresh: fc.boolean(),
    end: fc.constantFrom("ok", "ok", "ok", "ok", "fail", "lost", "kept"),
  }),
  { minLength: 12, maxLength: 40 },
);

type Seen = { readonly values: readonly WriteId[]; readonly tombstones: readonly WriteId[] };

const nothing: Seen = { values: [], tombstones: [] };
const nodes = ["n1", "n2", "n3"] as const;

/** `loses` is the number of an acknowledged write, counted from 0, that the store drops: the one way to make it bad. */
export const perfectHistory = (steps: readonly Step[], loses = -1): HistoryEvent[] => {
  const store = new PerfectStore(loses);
  for (const step of steps) store.step(step);
  return store.finished();
};

class PerfectStore {
  readonly #run: RunStarted = runOf(["run"]);
  readonly #events: HistoryEvent[] = [this.#run];
  readonly #carts = new NotatedCarts("tagged");
  readonly #state = new Map<string, Seen>();
  /** What each client read last of each key. */
  readonly #memory = new Map<string, Seen>();
  #now = 1000;
  #id = 0;
  #sequence = 0;
  #acknowledged = 0;
  readonly #loses: number;

  constructor(loses: number) {
    this.#loses = loses;
  }

  step(step: Step): void {
    const key = `cart/${step.key}`;
    if (step.fresh || step.wish === "read") this.#read(step.client, key);
    if (step.wish !== "read") this.#write(step, key);
  }

  #read(client: number, key: string): void {
    const seen = this.#state.get(key) ?? nothing;
    this.#memory.set(`${client} ${key}`, seen);
    this.#record({ process: client, key, kind: "get" }, answerOf(seen));
  }

  #write({ client, wish, item, end }: Step, key: string): void {
    const seen = this.#memory.get(`${client} ${key}`) ?? nothing;
    const write = `${client}.${++this.#sequence}`;
    const parents = [...seen.values, ...seen.tombstones];
    const change = {
      write,
      parents,
      action: undefined,
      adds: [],
      removes: [],
      order: undefined,
      holds: undefined,
    };
    const name = `item${item}`;
    const written =
      wish === "delete"
        ? { digest: "", effect: this.#carts.write({ ...change, action: "delete", order: "" }).effect }
        : {
            digest: `digest-of-${write}`,
            ...this.#carts.write({
              ...change,
              adds: wish === "add" ? [{ item: name, quantity: 1 }] : [],
              removes: wish === "remove" ? [name] : [],
              action: wish === "merge" ? "merge" : undefined,
            }),
          };
    const kind = wish === "delete" ? "delete" : "put";
    const request = {
      process: client,
      key,
      kind,
      written: { write, parents, bytes: 1, ...written },
    } as const;
    this.#record(request, endings[end]);
    const isDropped = end === "ok" && this.#acknowledged++ === this.#loses;
    if (end === "fail" || end === "lost" || isDropped) return;
    const state = this.#state.get(key) ?? nothing;
    const survivors = state.values.filter((value) => !parents.includes(value));
    const tombstones = state.tombstones.filter((tombstone) => !parents.includes(tombstone));
    this.#state.set(
      key,
      kind === "delete"
        ? { values: survivors, tombstones: [...tombstones, write] }
        : { values: [...survivors, write], tombstones },
    );
  }

  finished(): HistoryEvent[] {
    for (const node of nodes) {
      const calm = { type: "calm", node, at: this.#now, isQuiet: true, hintCount: 0 } as const;
      this.#events.push({ ...calm, unreachablePeers: [], treeRoots: { p0: "aa" }, counters: {} });
    }
    for (const [key, { values, tombstones }] of this.#state) {
      const state = [...values, "|", ...tombstones].join();
      for (const node of nodes) {
        this.#events.push({
          type: "dump",
          node,
          key,
          homes: nodes,
          state,
          observed: observedOf(values),
          tombstones,
        });
      }
    }
    for (const key of ["cart/0", "cart/1", "cart/2"]) {
      for (const [index, node] of nodes.entries()) {
        const answer = answerOf(this.#state.get(key) ?? nothing);
        this.#record({ process: 900 + index, key, kind: "get", entry: node, final: true }, answer);
      }
    }
    this.#events.push({ type: "end", at: this.#now, reason: "completed" });
    return this.#events;
  }

  #record(
    request: Pick<Invocation, "process" | "key" | "kind"> & Partial<Invocation>,
    answer: (id: number, at: number) => Completion,
  ): void {
    const id = ++this.#id;
    const at = (this.#now += 1000);
    const session = `s${request.process}`;
    const operation = `${request.process}.${id}`;
    this.#events.push({ type: "invoke", id, session, operation, entry: "n1", intended: at, at, ...request });
    this.#events.push(answer(id, at + 500));
  }
}

const observedOf = (values: readonly WriteId[]): Observed[] =>
  values.map((write) => ({ write, digest: `digest-of-${write}` }));

const answerOf =
  ({ values, tombstones }: Seen) =>
  (id: number, at: number): Completion => ({
    type: "ok",
    id,
    at,
    attempts: [],
    observed: observedOf(values),
    tombstones,
  });

const unknown = (id: number, at: number): Completion => ({
  type: "info",
  id,
  at,
  attempts: [],
  error: "timeout",
});

const endings: Readonly<Record<Step["end"], (id: number, at: number) => Completion>> = {
  ok: (id, at) => ({
    type: "ok",
    id,
    at,
    attempts: [],
    acknowledged: [{ node: "n1", role: "home", durability: "synced" }],
    coordinator: "n1",
  }),
  fail: (id, at) => ({ type: "fail", id, at, attempts: [], error: "quorum-unmet" }),
  lost: unknown,
  kept: unknown,
};
