/**
 * Histories of registers that are linearizable by construction: every operation takes effect at one moment between
 * its invocation and its completion. A function of its seed. Values are [key, value], every write is of a new value;
 * with `repeatedValues` writes repeat and values are compared and set too.
 */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Datum } from "../exchange/datum.ts";
import type { HistoryRecord, RecordType } from "../exchange/history-record.ts";

export type RegisterLoad = {
  readonly operationCount: number;
  readonly keys: number;
  readonly clients: number;
  /** Writes are of 0 to this; undefined for values of their own. */
  readonly repeatedValues?: number;
  readonly unansweredPerMille: number;
  readonly seed: number;
};

type Planned = {
  readonly f: "read" | "write" | "cas";
  readonly key: number;
  readonly value: number;
  readonly expected: number;
};
type Client = {
  process: number;
  plan: Planned | undefined;
  answer: Datum;
  type: RecordType;
  isDone: boolean;
};

export const generatedRegisters = function* (load: RegisterLoad): Generator<HistoryRecord> {
  const random = xoroshiro128plus(load.seed);
  const draw = (below: number): number => uniformInt(random, 0, below - 1);
  const registers = new Map<number, number | null>();
  const clients = Array.from({ length: load.clients }, (_, process): Client => idle(process));
  let begun = 0;
  let open = 0;
  let line = 0;
  const record = ({ process }: Client, f: string, type: RecordType, value: Datum): HistoryRecord => {
    line++;
    return { type, process, f, value, time: line * 1000, index: line - 1, line };
  };
  while (begun < load.operationCount || open > 0) {
    const client = clients[draw(clients.length)];
    if (client === undefined) continue;
    const { plan } = client;
    if (plan === undefined) {
      if (begun === load.operationCount) continue;
      begun++;
      open++;
      client.plan = planned(load, begun, draw);
      client.type = draw(1000) < load.unansweredPerMille ? "info" : "ok";
      yield record(client, client.plan.f, "invoke", asked(client.plan));
    } else if (!client.isDone) {
      client.isDone = true;
      const isLost = client.type === "info" && draw(2) === 0;
      if (!isLost) takeEffect(client, plan, registers);
    } else {
      open--;
      yield record(client, plan.f, client.type, client.type === "ok" ? client.answer : asked(plan));
      const next = client.type === "info" ? client.process + load.clients : client.process;
      Object.assign(client, idle(next));
    }
  }
};

const idle = (process: number): Client => ({
  process,
  plan: undefined,
  answer: null,
  type: "ok",
  isDone: false,
});

const planned = (load: RegisterLoad, begun: number, draw: (below: number) => number): Planned => {
  const { repeatedValues } = load;
  const key = draw(load.keys);
  const isRead = draw(2) === 0;
  const value = repeatedValues === undefined ? begun : draw(repeatedValues);
  const isSwap = repeatedValues !== undefined && draw(2) === 0;
  return { f: isRead ? "read" : isSwap ? "cas" : "write", key, value, expected: draw(repeatedValues ?? 1) };
};

const asked = ({ f, key, value, expected }: Planned): Datum => {
  if (f === "read") return [key, null];
  return [key, f === "cas" ? [expected, value] : value];
};

const takeEffect = (client: Client, plan: Planned, registers: Map<number, number | null>): void => {
  const now = registers.get(plan.key) ?? null;
  client.answer = plan.f === "read" ? [plan.key, now] : asked(plan);
  if (plan.f === "read") return;
  if (plan.f === "write" || now === plan.expected) registers.set(plan.key, plan.value);
  else if (client.type === "ok") client.type = "fail";
};
