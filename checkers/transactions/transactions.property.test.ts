/**
 * The transactional checkers against a reference that tries every order, on tiny histories that are right, or nearly
 * so. What the checkers call violated must be: no anomaly is invented. And where a history shows everything (lists
 * that are read at the end; transactions of one operation) what they call right must be: none is missed.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Datum } from "../exchange/datum.ts";
import type { HistoryRecord } from "../exchange/history-record.ts";
import { type OrderedOperation, someOrderFits } from "../linearizability/brute-force.ts";
import { defaultLoad, type GeneratedLoad, generatedHistory } from "./generated-history.ts";
import { ListAppendCheck } from "./list-append.ts";
import { RwRegisterCheck } from "./rw-register.ts";

const isDeep = process.env["TIPCART_DEEP"] === "1";
const numRuns = isDeep ? 100_000 : 1000;
const timeout = isDeep ? 3_600_000 : 60_000;
const models = ["serializable", "strong-session-serializable", "strict-serializable"] as const;

type Operation = readonly [f: string, key: number, value: Datum];
type Transaction = {
  readonly process: number;
  readonly isOk: boolean;
  readonly from: number;
  readonly until: number;
  readonly operations: readonly Operation[];
};

/** Right histories of at most seven transactions, a few of whose reads are exchanged for something else. */
const nearlyRight = (workload: GeneratedLoad["workload"], longest: number) =>
  fc
    .record({
      seed: fc.nat(1_000_000),
      transactionCount: fc.integer({ min: 2, max: 7 }),
      clients: fc.integer({ min: 1, max: 3 }),
      keys: fc.integer({ min: 1, max: 2 }),
      spoiled: fc.array(fc.tuple(fc.nat(6), fc.nat(3), fc.nat(5)), { maxLength: 2 }),
    })
    .map(({ spoiled, ...drawn }) => {
      const load = { ...defaultLoad, ...drawn, workload, longest, writesPerKey: 1000 };
      const records = [...generatedHistory({ ...load, abortedPerMille: 80, unansweredPerMille: 80 })];
      return spoil(workload, withFinalRead(records, workload), spoiled);
    });

/** A last transaction that reads every key, as it is when all have ended. */
const withFinalRead = (records: readonly HistoryRecord[], workload: string): readonly HistoryRecord[] => {
  if (workload !== "list-append") return records;
  const longest = new Map<number, readonly Datum[]>();
  for (const { type, value } of records) {
    for (const [f, key, list] of (type === "ok" ? value : []) as readonly Operation[])
      if (f === "r" && ((list as Datum[] | null)?.length ?? 0) > (longest.get(key)?.length ?? 0))
        longest.set(key, list as Datum[]);
  }
  const isShown = (key: number, element: Datum): boolean => longest.get(key)?.includes(element) ?? false;
  for (const { type, value } of records) {
    for (const [f, key, element] of (type === "ok" ? value : []) as readonly Operation[])
      if (f === "append" && !isShown(key, element)) longest.set(key, [...(longest.get(key) ?? []), element]);
  }
  const value = [...longest].map(([key, list]) => ["r", key, list]);
  const last = { process: 999, f: "txn", value, time: -1, index: -1, line: records.length + 1 };
  return [...records, { ...last, type: "invoke" }, { ...last, type: "ok" }];
};

/** Shorter, longer or in another order. */
const spoiledList = (value: Datum, what: number): Datum => {
  const list = Array.isArray(value) ? value : [];
  if (what === 5) return list.toReversed();
  return what === 4 ? [...list, 1] : list.slice(0, what);
};

const spoil = (
  workload: string,
  records: readonly HistoryRecord[],
  spoiled: readonly (readonly [number, number, number])[],
): readonly HistoryRecord[] => {
  const changed = records.map((record) => ({ ...record }));
  const answered = changed.filter(({ type, process }) => type === "ok" && process !== 999);
  for (const [which, operation, what] of spoiled) {
    const record = answered[which % Math.max(1, answered.length)];
    const operations = (record?.value ?? []) as readonly Operation[];
    const [f, key, value] = operations[operation % Math.max(1, operations.length)] ?? [];
    if (record === undefined || f !== "r" || key === undefined || value === undefined) continue;
    const register = what === 0 ? null : what;
    const other: Datum = workload === "list-append" ? spoiledList(value, what) : register;
    record.value = operations.map((one, place) =>
      place === operation % operations.length ? [f, key, other] : one,
    );
  }
  return changed;
};

const transactionsOf = (records: readonly HistoryRecord[]): readonly Transaction[] => {
  const open = new Map<number | string, Transaction>();
  const all: Transaction[] = [];
  for (const [position, { type, process, value }] of records.entries()) {
    const operations = value as readonly Operation[];
    const begun = open.get(process);
    open.delete(process);
    if (type === "invoke")
      open.set(process, {
        process: Number(process),
        isOk: false,
        from: position,
        until: Infinity,
        operations,
      });
    else if (begun !== undefined && type === "ok")
      all.push({ ...begun, isOk: true, until: position, operations });
    else if (begun !== undefined && type === "info") all.push(begun);
  }
  return all;
};

type State = ReadonlyMap<number, Datum>;

const applyTo = (state: State, { isOk, operations }: Transaction): State | undefined => {
  const next = new Map(state);
  for (const [f, key, value] of operations) {
    const now = next.get(key) ?? null;
    if (f === "w") next.set(key, value);
    else if (f === "append") next.set(key, [...((now as readonly Datum[] | null) ?? []), value]);
    else if (isOk && JSON.stringify(now ?? []) !== JSON.stringify(value ?? [])) return undefined;
  }
  return next;
};

const isOf = (model: (typeof models)[number], records: readonly HistoryRecord[]): boolean => {
  const all = transactionsOf(records);
  const mustFollow = (a: Transaction, b: Transaction): boolean => {
    if (model === "serializable" || a.until > b.from) return false;
    return model === "strict-serializable" || a.process === b.process;
  };
  const operations = all.map(
    (transaction): OrderedOperation<State> => ({
      isOptional: !transaction.isOk,
      after: [...all.keys()].filter((place) => mustFollow(all[place] as Transaction, transaction)),
      apply: (state) => applyTo(state, transaction),
    }),
  );
  return someOrderFits(operations, new Map());
};

const isViolated = (
  model: (typeof models)[number],
  check: ListAppendCheck | RwRegisterCheck,
  records: readonly HistoryRecord[],
): boolean => {
  for (const record of records) check.add(record);
  return check.finish({ models: [model], anomalies: [] }).verdict.type === "violated";
};

describe("list-append", () => {
  it(
    "finds an anomaly exactly when no order explains a history whose lists are all read at the end",
    () => {
      fc.assert(
        fc.property(nearlyRight("list-append", 3), (records) => {
          for (const model of models)
            expect(isViolated(model, new ListAppendCheck(), records)).toBe(!isOf(model, records));
        }),
        { numRuns },
      );
    },
    timeout,
  );
});

describe("rw-register", () => {
  it(
    "finds no anomaly that is not there",
    () => {
      fc.assert(
        fc.property(nearlyRight("rw-register", 3), (records) => {
          const invented = models.filter(
            (model) => isViolated(model, new RwRegisterCheck(), records) && isOf(model, records),
          );

          expect(invented).toEqual([]);
        }),
        { numRuns },
      );
    },
    timeout,
  );

  it(
    "misses nothing of strict serializability where transactions are single operations",
    () => {
      fc.assert(
        fc.property(nearlyRight("rw-register", 1), (records) => {
          const model = "strict-serializable";
          expect(isViolated(model, new RwRegisterCheck(), records)).toBe(!isOf(model, records));
        }),
        { numRuns },
      );
    },
    timeout,
  );
});
