/**
 * Histories that are right by construction, as long as wanted: clients run transactions against one store that
 * executes each whole, at one moment between its invocation and its completion. What comes out is strictly
 * serializable; what is broken in it afterwards is broken on purpose. A function of its seed.
 *
 * Some transactions abort without effect; some are never answered, with effect or without, and their client goes on
 * under a new number. Keys are retired after some writes, as a real load does it, so that lists stay short.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Atom, Datum } from "../exchange/datum.ts";
import type { HistoryRecord, RecordType } from "../exchange/history-record.ts";

export type GeneratedLoad = {
  readonly workload: "list-append" | "rw-register";
  readonly transactionCount: number;
  readonly clients: number;
  /** Keys in use at a time, and writes after which one is retired. */
  readonly keys: number;
  readonly writesPerKey: number;
  /** Micro-operations of a transaction: from 1 to this. */
  readonly longest: number;
  /** Of 1000 transactions. */
  readonly abortedPerMille: number;
  readonly unansweredPerMille: number;
  /** Above 0 it is no longer right: reads miss up to this many of the last elements of a list. */
  readonly staleElements: number;
  readonly seed: number;
};

export const defaultLoad: GeneratedLoad = {
  workload: "list-append",
  transactionCount: 1000,
  clients: 10,
  keys: 10,
  writesPerKey: 32,
  longest: 4,
  abortedPerMille: 10,
  unansweredPerMille: 5,
  staleElements: 0,
  seed: 1,
};

type Planned = readonly [f: "r" | "append" | "w", key: number, value: number | null];
type Client = {
  process: number;
  plan: readonly Planned[] | undefined;
  answer: Datum[] | undefined;
  fate: RecordType;
};

export const generatedHistory = function* (load: GeneratedLoad): Generator<HistoryRecord> {
  const store = new SerialStore(load);
  const clients = Array.from(
    { length: load.clients },
    (_, process): Client => ({
      process,
      plan: undefined,
      answer: undefined,
      fate: "ok",
    }),
  );
  let begun = 0;
  let open = 0;
  let index = 0;
  const record = (client: Client, type: RecordType, value: Datum): HistoryRecord => {
    index++;
    return {
      type,
      process: client.process,
      f: "txn",
      value,
      time: index * 1000,
      index: index - 1,
      line: index,
    };
  };
  while (begun < load.transactionCount || open > 0) {
    const client = clients[store.draw(clients.length)];
    if (client === undefined) continue;
    if (client.plan === undefined) {
      if (begun === load.transactionCount) continue;
      begun++;
      open++;
      client.plan = store.plan();
      client.fate = store.drawFate();
      yield record(client, "invoke", client.plan);
    } else if (client.answer === undefined) {
      const isWithoutEffect = client.fate === "fail" || (client.fate === "info" && store.draw(2) === 0);
      client.answer = isWithoutEffect ? [...client.plan] : store.execute(client.plan);
    } else {
      yield record(client, client.fate, client.fate === "ok" ? client.answer : client.plan);
      if (client.fate === "info") client.process += load.clients;
      client.plan = undefined;
      client.answer = undefined;
      open--;
    }
  }
};

class SerialStore {
  readonly #load: GeneratedLoad;
  readonly #random;
  readonly #lists = new Map<number, readonly Atom[]>();
  readonly #registers = new Map<number, Atom>();
  readonly #keys: { key: number; written: number }[];
  #nextKey: number;

  constructor(load: GeneratedLoad) {
    this.#load = load;
    this.#random = xoroshiro128plus(load.seed);
    this.#keys = Array.from({ length: load.keys }, (_, key) => ({ key, written: 0 }));
    this.#nextKey = load.keys;
  }

  /** 0 to `below` - 1. */
  draw(below: number): number {
    return uniformInt(this.#random, 0, below - 1);
  }

  drawFate(): RecordType {
    const drawn = this.draw(1000);
    if (drawn < this.#load.abortedPerMille) return "fail";
    return drawn < this.#load.abortedPerMille + this.#load.unansweredPerMille ? "info" : "ok";
  }

  plan(): readonly Planned[] {
    return Array.from({ length: 1 + this.draw(this.#load.longest) }, (): Planned => {
      const slot = this.#keys[this.draw(this.#keys.length)] ?? { key: 0, written: 0 };
      if (this.draw(2) === 0) return ["r", slot.key, null];
      const key = slot.key;
      const value = ++slot.written;
      if (value >= this.#load.writesPerKey) {
        slot.key = this.#nextKey++;
        slot.written = 0;
      }
      return [this.#load.workload === "list-append" ? "append" : "w", key, value];
    });
  }

  execute(plan: readonly Planned[]): Datum[] {
    return plan.map(([f, key, value]): Datum => {
      if (f === "append") this.#lists.set(key, [...(this.#lists.get(key) ?? []), value]);
      if (f === "w") this.#registers.set(key, value);
      if (f !== "r") return [f, key, value];
      if (this.#load.workload === "rw-register") return ["r", key, this.#registers.get(key) ?? null];
      const list = this.#lists.get(key) ?? [];
      const missed = this.#load.staleElements === 0 ? 0 : this.draw(this.#load.staleElements + 1);
      return ["r", key, missed === 0 ? list : list.slice(0, Math.max(0, list.length - missed))];
    });
  }
}
