/**
 * A store for tests of workloads: some replicas of each key, never wrong, often behind. A version knows which versions
 * it supersedes; a replica shows what it has and what nothing it has supersedes. Every request goes to one replica,
 * replicas exchange all they have now and then, and a seed decides all of it: who is served next, where, and which
 * requests end unknown or not at all. So siblings, stale reads and lost acknowledgements all occur, in virtual time.
 *
 * It records the history as a harness would, final reads included.
 */
import { createHash } from "node:crypto";
import type { Completion, HistoryEvent, Invocation, Observed, Written } from "../checkers/history/event.ts";
import { type Stream, streamOf } from "./generator/stream.ts";
import type { DeleteRequest, PutRequest, Store, StoreRead, StoreWrite } from "./store.ts";
import type { Arrival, ClientProcess } from "./workload.ts";

export type StoreFaults = {
  /** Share of writes that end unknown; half of those happened. */
  readonly unknown: number;
  /** Share of requests that definitely do nothing. */
  readonly refused: number;
  /** Share of turns after which two replicas of a key become one. */
  readonly exchanged: number;
};

type Version = {
  readonly write: string;
  readonly value: Uint8Array | null;
  readonly supersedes: ReadonlySet<string>;
};
type Replica = Map<string, Version>;
type Ending = Completion extends infer E
  ? E extends Completion
    ? Omit<E, "id" | "at" | "attempts">
    : never
  : never;

const replicaCount = 3;

export class SiblingStore {
  readonly events: HistoryEvent[] = [];
  readonly #keys = new Map<string, readonly Replica[]>();
  readonly #waiting: (() => void)[] = [];
  readonly #stream: Stream;
  readonly #faults: StoreFaults;
  readonly #observe: (value: Uint8Array) => Observed;
  readonly #free = new Map<string, Process[]>();
  #nextId = 0;
  #nextProcess = 0;
  #at = 0;

  constructor(seed: number, faults: StoreFaults, observe: (value: Uint8Array) => Observed) {
    this.#stream = streamOf(seed, "sibling store");
    this.#faults = faults;
    this.#observe = observe;
  }

  /** Carries out arrivals in order, up to `concurrency` of them at once, then reads every key at every replica. */
  async run(arrivals: readonly Arrival[], concurrency: number): Promise<void> {
    const queue = [...arrivals];
    let openCount = 0;
    const begin = (arrival: Arrival): void => {
      const client = this.#engage(arrival);
      openCount += 1;
      void arrival.carryOut(client).then((applied) => {
        openCount -= 1;
        if (applied.type !== "info") this.#free.get(arrival.wish.session)?.push(client);
      });
    };
    const isBusy = (): boolean => queue.length > 0 || openCount > 0;
    while (isBusy()) {
      for (const arrival of queue.splice(0, concurrency - openCount)) begin(arrival);
      this.#waiting.splice(this.#stream.integer(0, this.#waiting.length - 1), 1)[0]?.();
      await settled();
    }
    this.#readAll();
  }

  #engage(arrival: Arrival): Process {
    const free = this.#free.get(arrival.wish.session) ?? [];
    this.#free.set(arrival.wish.session, free);
    return free.pop() ?? new Process(this, this.#nextProcess++, arrival);
  }

  /** Resolves when this request's turn has come. */
  #turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async get(process: Process, key: string): Promise<StoreRead> {
    const invocation = this.#invoke(process, "get", key);
    await this.#turn();
    if (this.#stream.uniform() < this.#faults.refused) {
      this.#complete(invocation, { type: "fail", error: "refused" });
      return { type: "fail", error: "refused" };
    }
    const replica = this.#replicaOf(key);
    const read = this.#readOf(replica);
    this.#complete(invocation, { type: "ok", observed: read.observed, tombstones: read.tombstones });
    return { type: "ok", ...read };
  }

  async write(
    process: Process,
    request: DeleteRequest & { readonly value?: Uint8Array },
  ): Promise<StoreWrite> {
    const { key, write, context } = request;
    const value = request.value ?? null;
    const invocation = this.#invoke(
      process,
      value === null ? "delete" : "put",
      key,
      writtenOf(request, value),
    );
    await this.#turn();
    const chance = this.#stream.uniform();
    if (chance < this.#faults.refused) {
      this.#complete(invocation, { type: "fail", error: "refused" });
      return { type: "fail", error: "refused" };
    }
    const isUnknown = chance < this.#faults.refused + this.#faults.unknown;
    const isApplied = !isUnknown || this.#stream.uniform() < 0.5;
    const supersedes = new Set(context.split(" ").filter((name) => name !== ""));
    if (isApplied) this.#replicaOf(key).set(write, { write, value, supersedes });
    this.#complete(
      invocation,
      isUnknown ? { type: "info", error: "timeout" } : { type: "ok", acknowledged: [] },
    );
    return isUnknown
      ? { type: "info", error: "timeout" }
      : { type: "ok", context: [...supersedes, write].join(" ") };
  }

  /** A replica of `key`; before that, two of its replicas may have met. */
  #replicaOf(key: string): Replica {
    const replicas = this.#keys.get(key) ?? Array.from({ length: replicaCount }, (): Replica => new Map());
    this.#keys.set(key, replicas);
    const pick = (): Replica => replicas[this.#stream.integer(0, replicaCount - 1)] ?? new Map();
    const [left, right] = [pick(), pick()];
    if (this.#stream.uniform() < this.#faults.exchanged) exchangeAll([left, right]);
    return pick();
  }

  #readOf(replica: Replica) {
    const superseded = new Set([...replica.values()].flatMap(({ supersedes }) => [...supersedes]));
    const visible = [...replica.values()].filter(({ write }) => !superseded.has(write));
    const siblings = visible.map(({ value }) => value).filter((value) => value !== null);
    return {
      siblings,
      observed: siblings.map(this.#observe),
      tombstones: visible.filter(({ value }) => value === null).map(({ write }) => write),
      // All that the replica has or knows to be superseded: whoever writes upon it has seen the past of all that.
      context: [...new Set([...replica.keys(), ...superseded])].join(" "),
    };
  }

  #readAll(): void {
    const process = new Process(this, this.#nextProcess++);
    for (const [key, replicas] of this.#keys) {
      exchangeAll(replicas);
      for (const [index, replica] of replicas.entries()) {
        const invocation = this.#invoke(process, "get", key, undefined, `n${index + 1}`);
        const { observed, tombstones } = this.#readOf(replica);
        this.#complete(invocation, { type: "ok", observed, tombstones });
      }
    }
  }

  #invoke(
    { process, session, operation }: Process,
    kind: Invocation["kind"],
    key: string,
    written?: Written,
    finalEntry?: string,
  ): Invocation {
    const at = this.#at++;
    const id = this.#nextId++;
    const asked = { type: "invoke" as const, id, process, session, operation, kind, key, intended: at, at };
    const invocation: Invocation = {
      ...asked,
      ...(written === undefined ? {} : { written }),
      ...(finalEntry === undefined ? {} : { final: true }),
      entry: finalEntry ?? "n1",
    };
    this.events.push(invocation);
    return invocation;
  }

  #complete({ id, at: from, entry: node }: Invocation, ending: Ending): void {
    const at = this.#at++;
    const outcome = ending.type === "ok" ? "ok" : ending.type === "fail" ? "none" : "unknown";
    this.events.push({ ...ending, id, at, attempts: [{ node, from, until: at, outcome }] });
  }
}

/** A logical client of this store. */
class Process implements ClientProcess {
  readonly store: Store;
  readonly process: number;
  readonly session: string;
  operation = "";
  #sequence = 0;

  constructor(store: SiblingStore, process: number, arrival?: Arrival) {
    this.process = process;
    this.session = arrival?.wish.session ?? "final";
    this.store = {
      get: (key) => store.get(this, key),
      put: ({ context = "", ...request }: PutRequest) => store.write(this, { ...request, context }),
      delete: (request) => store.write(this, request),
    };
  }

  nextOperation(): string {
    this.operation = `${this.process}.${this.#sequence++}`;
    return this.operation;
  }
}

function exchangeAll(replicas: readonly Replica[]): void {
  const all = new Map(replicas.flatMap((replica) => [...replica]));
  for (const replica of replicas) for (const [write, version] of all) replica.set(write, version);
}

function writtenOf(request: Omit<PutRequest, "value">, value: Uint8Array | null): Written {
  const { write, parents, effect, contents, sold } = request;
  return {
    write,
    parents,
    digest: value === null ? "" : createHash("sha1").update(value).digest("hex"),
    bytes: value?.length ?? 0,
    ...(effect === undefined ? {} : { effect }),
    ...(contents === undefined ? {} : { contents }),
    ...(sold === undefined ? {} : { sold }),
  };
}

/** When every promise that can resolve has done so: the next macrotask comes after all of them. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
