/**
 * Shopping-cart runs that are right by construction, as long as wanted: clients read carts and write them back
 * against one store that keeps siblings and merges as the tagged codec does. What comes out is what a recorder would
 * have written, final reads and dumps included, and no checker may condemn it. A function of its seed.
 *
 * A cart that has reached `tagsMax` lines is retired and the next one is a new key, as a real load does it. Some
 * clients write what another has written past meanwhile, which makes siblings; some requests fail, and some are
 * never answered, with effect or without, and their client goes on under a new number.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type {
  Attempt,
  CartLine,
  Completion,
  HistoryEvent,
  Invocation,
  Observed,
  Tag,
  Written,
} from "./history/event.ts";
import { runOf } from "./history/notation-run.ts";

export type GeneratedCarts = {
  readonly requestCount: number;
  readonly clients: number;
  /** In use at a time. */
  readonly carts: number;
  readonly failedPerMille: number;
  readonly unansweredPerMille: number;
  readonly seed: number;
};

export const defaultCarts: GeneratedCarts = {
  requestCount: 1000,
  clients: 40,
  carts: 200,
  failedPerMille: 5,
  unansweredPerMille: 5,
  seed: 1,
};

const tagsMax = 64;
const itemCount = 1000;
const requestMicros = 2000;
const nodes = ["n1", "n2", "n3", "n4", "n5"] as const;
const homeCount = 3;

type Version = {
  readonly write: string;
  readonly live: readonly (CartLine & { readonly tag: Tag })[];
  readonly removed: readonly Tag[];
};
type Cart = { readonly key: string; versions: readonly Version[] };
type Client = { process: number; sequence: number; readonly session: string; seen: Seen | undefined };
type Seen = { readonly cart: Cart; readonly versions: readonly Version[] };

export function* generatedCarts(load: GeneratedCarts): Generator<HistoryEvent> {
  const store = new CartStore(load);
  yield { ...runOf(["run", `nodes=${nodes.join(",")}`]), phases: [] };
  while (store.requestCount < load.requestCount) yield* store.request();
  yield* store.ending();
}

class CartStore {
  requestCount = 0;
  readonly #load: GeneratedCarts;
  readonly #random: (max: number) => number;
  readonly #clients: readonly Client[];
  readonly #carts: Cart[];
  readonly #retired: Cart[] = [];
  #processes: number;
  #generation = 0;
  #now = 0;

  constructor(load: GeneratedCarts) {
    const source = xoroshiro128plus(load.seed);
    this.#load = load;
    this.#random = (max) => uniformInt(source, 0, max - 1);
    this.#processes = load.clients;
    this.#clients = Array.from({ length: load.clients }, (_, process) => ({
      process,
      sequence: 0,
      session: `s${process}`,
      seen: undefined,
    }));
    this.#carts = Array.from({ length: load.carts }, () => this.#newCart());
  }

  #newCart(): Cart {
    return { key: `cart/${this.#generation++}`, versions: [] };
  }

  *request(): Generator<HistoryEvent> {
    const client = this.#clients[this.#random(this.#clients.length)];
    if (client === undefined) return;
    yield* client.seen === undefined ? this.#read(client) : this.#write(client, client.seen);
  }

  *#read(client: Client): Generator<HistoryEvent> {
    // The square makes the first carts popular.
    const place = Math.floor((this.#random(this.#carts.length) * this.#random(1000)) / 1000);
    const cart = this.#carts[place];
    if (cart === undefined) return;
    client.seen = { cart, versions: cart.versions };
    yield* this.#asked(client, cart.key, { kind: "get", isFinal: false }, answerOf(cart.versions));
  }

  *#write(client: Client, { cart, versions }: Seen): Generator<HistoryEvent> {
    client.seen = undefined;
    const write = `${client.process}.${client.sequence++}`;
    const { written, version } = this.#changed(cart, versions, write);
    const fate = this.#random(1000);
    const { failedPerMille, unansweredPerMille } = this.#load;
    const isFailed = fate < failedPerMille;
    const isUnanswered = !isFailed && fate < failedPerMille + unansweredPerMille;
    const isApplied = !isFailed && (!isUnanswered || fate % 2 === 0);
    if (isApplied) {
      const replaced = new Set(written.parents);
      cart.versions = [...cart.versions.filter((one) => !replaced.has(one.write)), version];
    }
    const ending = isFailed ? refused : isUnanswered ? undefined : acknowledged;
    yield* this.#asked(client, cart.key, { kind: "put", written, isFinal: false }, ending);
    if (isUnanswered) client.process = this.#processes++;
    if (version.live.length + version.removed.length >= tagsMax && isApplied) this.#retire(cart);
  }

  #retire(cart: Cart): void {
    const place = this.#carts.indexOf(cart);
    if (place < 0) return;
    this.#retired.push(cart);
    this.#carts[place] = this.#newCart();
  }

  /** What the client makes of what it saw: one line more, or one item less. */
  #changed(
    { key }: Cart,
    versions: readonly Version[],
    write: string,
  ): { readonly written: Written; readonly version: Version } {
    const { live, removed } = merged(versions);
    const victim = this.#random(4) === 0 ? live[this.#random(live.length + 1)] : undefined;
    const gone = victim === undefined ? [] : live.filter(({ item }) => item === victim.item);
    const line = { tag: `${write}/0`, item: `item${this.#random(itemCount)}`, quantity: 1 };
    const version: Version = {
      write,
      live: victim === undefined ? [...live, line] : live.filter((one) => !gone.includes(one)),
      removed: [...removed, ...gone.map(({ tag }) => tag)],
    };
    const effect =
      victim === undefined
        ? ({ action: "add", adds: [line], removes: [] } as const)
        : ({
            action: "remove",
            adds: [],
            removes: [{ item: victim.item, observed: gone.map(({ tag }) => tag) }],
          } as const);
    const written = {
      write,
      parents: versions.map((one) => one.write),
      digest: digestOf(write),
      bytes: 100 + key.length,
      effect,
      contents: { codec: "tagged", live: version.live, removed: version.removed },
    } as const;
    return { written, version };
  }

  *#asked(
    client: Client,
    key: string,
    request: { readonly kind: Invocation["kind"]; readonly written?: Written; readonly isFinal: boolean },
    ending: ((id: number, at: number, attempts: readonly Attempt[]) => Completion) | undefined,
  ): Generator<HistoryEvent> {
    const id = ++this.requestCount;
    const at = (this.#now += requestMicros);
    const entry = nodes[id % nodes.length] ?? "n1";
    const { process, session } = client;
    const operation = `${process}.o${id}`;
    const { kind, written, isFinal } = request;
    const asked = {
      type: "invoke",
      id,
      process,
      session,
      operation,
      kind,
      key,
      intended: at,
      at,
      entry,
    } as const;
    yield { ...asked, ...(written === undefined ? {} : { written }), ...(isFinal ? { final: true } : {}) };
    const until = at + requestMicros / 2;
    const outcome = ending === refused ? "none" : "ok";
    if (ending !== undefined) yield ending(id, until, [{ node: entry, from: at, until, outcome }]);
  }

  /** The end of a run: calm, the dump of every home, and every key read through every node. */
  *ending(): Generator<HistoryEvent> {
    const at = this.#now;
    const isQuiet = true;
    for (const node of nodes)
      yield {
        type: "calm",
        node,
        at,
        isQuiet,
        hintCount: 0,
        unreachablePeers: [],
        treeRoots: {},
        counters: {},
      };
    const carts = [...this.#retired, ...this.#carts].filter(({ versions }) => versions.length > 0);
    for (const { key, versions } of carts) {
      const homes = nodes.slice(0, homeCount);
      const state = versions.map(({ write }) => write).join();
      for (const node of homes)
        yield { type: "dump", node, key, homes, state, observed: versions.map(observedOf), tombstones: [] };
    }
    for (const { key, versions } of carts) {
      for (const [index] of nodes.entries()) {
        const reader = { process: -1 - index, sequence: 0, session: "final", seen: undefined };
        yield* this.#asked(reader, key, { kind: "get", isFinal: true }, answerOf(versions));
      }
    }
    yield { type: "end", at: this.#now, reason: "completed" };
  }
}

const digestOf = (write: string): string => `d${write}`;
const observedOf = ({ write }: Version): Observed => ({ write, digest: digestOf(write) });

const answerOf =
  (versions: readonly Version[]) =>
  (id: number, at: number, attempts: readonly Attempt[]): Completion => ({
    type: "ok",
    id,
    at,
    attempts,
    observed: versions.map(observedOf),
    tombstones: [],
  });

const acknowledged = (id: number, at: number, attempts: readonly Attempt[]): Completion => ({
  type: "ok",
  id,
  at,
  attempts,
  acknowledged: nodes.slice(0, 2).map((node) => ({ node, role: "home", durability: "synced" })),
});

const refused = (id: number, at: number, attempts: readonly Attempt[]): Completion => ({
  type: "fail",
  id,
  at,
  attempts,
  error: "quorum-unmet",
});

/** As the tagged codec merges: all lines but those that some sibling has removed. */
const merged = (versions: readonly Version[]): Omit<Version, "write"> => {
  const [only] = versions;
  if (versions.length === 1 && only !== undefined) return only;
  const removed = new Set(versions.flatMap((version) => version.removed));
  const lines = new Map(versions.flatMap(({ live }) => live.map((line) => [line.tag, line] as const)));
  return { live: [...lines.values()].filter(({ tag }) => !removed.has(tag)), removed: [...removed] };
};
