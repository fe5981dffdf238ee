/**
 * Zones and search against a reference that tries every order, on registers of at most eight operations whose values
 * are drawn so that about half of the histories are right.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Datum } from "../exchange/datum.ts";
import type { HistoryRecord, RecordType } from "../exchange/history-record.ts";
import { type OrderedOperation, someOrderFits } from "./brute-force.ts";
import { judgeRegisters } from "./register.ts";
import { RegisterHistory } from "./register-history.ts";

const isDeep = process.env["TIPCART_DEEP"] === "1";
const numRuns = isDeep ? 100_000 : 2000;
const timeout = isDeep ? 3_600_000 : 60_000;

type Drawn = {
  readonly f: "read" | "write" | "cas";
  readonly value: number;
  readonly expected: number;
  readonly end: RecordType;
  readonly from: number;
  readonly until: number;
};

const operation = (functions: readonly Drawn["f"][]) =>
  fc
    .record({
      f: fc.constantFrom(...functions),
      value: fc.integer({ min: 0, max: 3 }),
      expected: fc.integer({ min: 0, max: 3 }),
      end: fc.constantFrom<RecordType>("ok", "ok", "ok", "ok", "info", "fail"),
      from: fc.nat(30),
      length: fc.nat(12),
    })
    .map(({ length, ...drawn }): Drawn => ({ ...drawn, until: drawn.from + length + 1 }));

const datum = (value: number): Datum => (value === 0 ? null : value);

/** Each operation is a process of its own. Value 0 is nil, which a register starts as. */
const recordsOf = (operations: readonly Drawn[]): readonly HistoryRecord[] => {
  return operations
    .flatMap(({ f, value, expected, end, from, until }, process) => {
      const written = f === "cas" ? [datum(expected), datum(value)] : datum(value);
      const record = { process, f, time: -1, index: -1, line: process + 1 };
      return [
        { at: from, record: { ...record, type: "invoke" as const, value: f === "read" ? null : written } },
        { at: until + 0.5, record: { ...record, type: end, value: written } },
      ];
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ record }) => record);
};

const isLinearizable = (operations: readonly Drawn[], records: readonly HistoryRecord[]): boolean => {
  const place = (process: number, isCompletion: boolean): number =>
    records.findIndex((record) => record.process === process && (record.type !== "invoke") === isCompletion);
  const kept = [...operations.entries()].filter(
    ([, { f, end }]) => end === "ok" || (end === "info" && f !== "read"),
  );
  const ordered = kept.map(
    ([process, { f, value, expected, end }]): OrderedOperation<number> => ({
      isOptional: end === "info",
      after: [...kept.keys()].filter((other) => {
        const [otherProcess, { end: otherEnd }] = kept[other] ?? [0, { end: "info" }];
        return otherEnd === "ok" && place(otherProcess, true) < place(process, false);
      }),
      apply: (state) => {
        if (f === "write") return value;
        if (f === "read") return state === value ? state : undefined;
        return state === expected ? value : undefined;
      },
    }),
  );
  return someOrderFits(ordered, 0);
};

const verdictOf = (records: readonly HistoryRecord[]) => {
  const history = new RegisterHistory({ keys: "one", failedCompareAndSet: "nothing" });
  for (const record of records) history.add(record);
  history.finish();
  return judgeRegisters(history, "linearizable", { now: () => 0, timeLimitMs: 1, memoryWords: 1 << 20 });
};

/** Writes get values of their own, a failed one a value nobody can read. */
const withUniqueWrites = (operations: readonly Drawn[]): readonly Drawn[] => {
  let next = 1;
  return operations.map((drawn) =>
    drawn.f === "write" ? { ...drawn, value: drawn.end === "fail" ? 99 : next++ } : drawn,
  );
};

describe("a register", () => {
  it(
    "with unique writes is judged by zones as by trying every order",
    () => {
      fc.assert(
        fc.property(
          fc.array(operation(["read", "read", "write"]), { minLength: 1, maxLength: 8 }),
          (drawn) => {
            const operations = withUniqueWrites(drawn);
            const records = recordsOf(operations);
            const verdict = verdictOf(records);

            expect(verdict.metrics["bySearch"]).toBe(0);
            fc.pre(verdict.type !== "inconclusive");
            expect(verdict.type === "passed").toBe(isLinearizable(operations, records));
          },
        ),
        { numRuns },
      );
    },
    timeout,
  );

  it(
    "with repeated writes and compare-and-set is judged by search as by trying every order",
    () => {
      fc.assert(
        fc.property(
          fc.array(operation(["read", "write", "cas"]), { minLength: 1, maxLength: 8 }),
          (operations) => {
            const records = recordsOf(operations);
            const verdict = verdictOf(records);

            fc.pre(verdict.type !== "inconclusive");
            expect(verdict.type === "passed").toBe(isLinearizable(operations, records));
          },
        ),
        { numRuns },
      );
    },
    timeout,
  );
});
