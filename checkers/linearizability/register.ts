/**
 * Judges histories of single registers, key by key: by zones where all writes are unique, by search where they are
 * not. A key that breaks the promise breaks the history; a key that the search cannot decide leaves it inconclusive.
 */
import { atomText } from "../exchange/datum.ts";
import { cell, groupBy, type IntegerList } from "../graph/integers.ts";
import { impliedAnomalies } from "../models/anomaly-names.ts";
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { countText } from "../transactions/notes.ts";
import { anomalyLimit, type Verdict } from "../verdict.ts";
import type { RegisterHistory } from "./register-history.ts";
import {
  type RegisterOperations,
  relevantOperations,
  type SearchBudget,
  searchRegister,
} from "./register-search.ts";
import {
  type RegisterAnomaly,
  unfoundedOperation,
  uniqueWriteAnomalies,
  uniqueWriters,
} from "./unique-writes.ts";

export type RegisterPromise = "linearizable" | "regular";

export type RegisterBudget = {
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** For all keys together. */
  readonly timeLimitMs: number;
  /** Words of 32 bits that the search of one key may remember. */
  readonly memoryWords: number;
};

type Tally = { readonly anomalies: AnomalyList; zoneKeys: number; searchedKeys: number; undecided: string[] };

/** Judges a finished history; to be called once. */
export const judgeRegisters = (
  history: RegisterHistory,
  promise: RegisterPromise,
  { now, timeLimitMs, memoryWords }: RegisterBudget,
): Verdict => {
  const tally: Tally = { anomalies: new AnomalyList(), zoneKeys: 0, searchedKeys: 0, undecided: [] };
  const budget: SearchBudget = { now, deadline: now() + timeLimitMs, memoryWords };
  const { starts, items } = groupBy(history.key.view(), history.keys.length);
  for (let key = 0; key < history.keys.length && history.isOrdered; key++)
    judgeKey(history, {
      key,
      rows: items.subarray(cell(starts, key), cell(starts, key + 1)),
      promise,
      budget,
      tally,
    });
  return verdictOf(history, promise, tally);
};

type KeyJob = {
  readonly key: number;
  readonly rows: Int32Array;
  readonly promise: RegisterPromise;
  readonly budget: SearchBudget;
  readonly tally: Tally;
};

const judgeKey = (history: RegisterHistory, { key, rows, promise, budget, tally }: KeyJob): void => {
  const operations = operationsAt(history, rows);
  const writers = uniqueWriters(operations);
  if (writers !== undefined) {
    tally.zoneKeys++;
    for (const anomaly of uniqueWriteAnomalies(operations, writers, anomalyLimit))
      if (breaks(anomaly, promise))
        report(history, tally.anomalies, key, anomaly.type, rowsOf(rows, anomaly.operations));
    return;
  }
  if (promise === "regular") {
    tally.undecided.push(`register ${keyText(history, key)}: only unique writes can be judged as regular`);
    return;
  }
  tally.searchedKeys++;
  const unfounded = unfoundedOperation(operations);
  if (unfounded >= 0) {
    report(history, tally.anomalies, key, "garbage-read", rowsOf(rows, [unfounded]));
    return;
  }
  const kept = Int32Array.from(relevantOperations(operations), (operation) => cell(rows, operation));
  const result = searchRegister(operationsAt(history, kept), budget);
  if (result.type === "unknown") tally.undecided.push(`register ${keyText(history, key)}: ${result.reason}`);
  if (result.type === "violated") {
    const last = result.order.slice(-3);
    report(history, tally.anomalies, key, "non-linearizable", rowsOf(kept, [...last, result.stuck]));
  }
};

const operationsAt = (history: RegisterHistory, rows: Int32Array): RegisterOperations => {
  const column = (list: IntegerList): Int32Array => Int32Array.from(rows, (row) => list.at(row));
  return {
    kind: column(history.kind),
    value: column(history.value),
    expected: column(history.expected),
    from: column(history.from),
    until: column(history.until),
  };
};

const breaks = ({ type }: RegisterAnomaly, promise: RegisterPromise): boolean =>
  type === "garbage-read" || impliedAnomalies([type]).has(`non-${promise}`);

const rowsOf = (rows: Int32Array, operations: readonly number[]): readonly number[] =>
  operations.filter((operation) => operation >= 0).map((operation) => cell(rows, operation));

const keyText = (history: RegisterHistory, key: number): string => atomText(history.keys[key] ?? null);

const sentences: Readonly<Record<string, string>> = {
  "garbage-read": "a read returned what nobody wrote",
  "read-from-future": "a read ended before the write of its value began",
  "stale-read": "a read returned a value that had been overwritten before it began",
  "new-old-inversion": "two values each had to be older than the other",
  "non-linearizable": "no order fits; the longest that does ends before the last operation named",
};

const report = (
  history: RegisterHistory,
  anomalies: AnomalyList,
  key: number,
  type: string,
  rows: readonly number[],
): void => {
  anomalies.add(type, () => ({
    key: keyText(history, key),
    sentence: `Register ${keyText(history, key)}: ${sentences[type] ?? type}.`,
    story: rows
      .toSorted((a, b) => history.from.at(a) - history.from.at(b))
      .map((row) => `${history.tell(row)}.`),
    requests: rows,
  }));
};

const verdictOf = (history: RegisterHistory, promise: RegisterPromise, tally: Tally): Verdict => {
  const count = [...tally.anomalies.counts.values()].reduce((sum, more) => sum + more, 0);
  const reasons = tally.undecided.slice(0, 3);
  if (tally.undecided.length > 3) reasons.push(`and ${tally.undecided.length - 3} more registers`);
  if (history.notes.count > 0) reasons.push(history.notes.text());
  if (history.count === 0) reasons.push("the history holds no operation");
  const size = `${countText(history.count)} operations on ${history.keys.length} registers`;
  const told = [...tally.anomalies.counts].map(([type, times]) => `${type} (${times})`).join(", ");
  const doubt = reasons.length > 0 ? `; ${reasons.join("; ")}` : "";
  const type = count > 0 ? "violated" : reasons.length > 0 ? "inconclusive" : "passed";
  return {
    checker: "register",
    properties: [promise],
    type,
    summary:
      type === "violated"
        ? `Not ${promise}: ${told} in ${size}${doubt}.`
        : type === "inconclusive"
          ? `Cannot tell whether ${promise}: ${reasons.join("; ")}; ${size}.`
          : `${size} are ${promise}.`,
    anomalies: tally.anomalies.kept.slice(0, anomalyLimit),
    anomalyCount: count,
    metrics: {
      operations: history.count,
      registers: history.keys.length,
      byZones: tally.zoneKeys,
      bySearch: tally.searchedKeys,
      undecided: tally.undecided.length,
    },
  };
};
