import { expect, test } from "vitest";
import type { HistoryRecord, RecordType } from "../exchange/history-record.ts";
import { ListAppendCheck } from "./list-append.ts";

type Operation = readonly [f: string, key: string, value: number | readonly number[] | null];

const found = (transactions: readonly (readonly [RecordType, ...Operation[]])[]) => {
  const check = new ListAppendCheck();
  let index = 0;
  for (const [type, ...value] of transactions) {
    const record = (of: RecordType): HistoryRecord => {
      index += 1;
      return { type: of, process: index >> 1, f: "txn", value, time: -1, index, line: index };
    };
    const asked = record("invoke");
    check.add(asked);
    check.add({ ...record(type), process: asked.process });
  }
  return Object.fromEntries(check.finish({ models: ["read-committed"], anomalies: [] }).found);
};

test("a read is dirty from the aborted element on, and not before it", () => {
  const history = [
    ["ok", ["append", "x", 1]],
    ["fail", ["append", "x", 2]],
    ["ok", ["r", "x", [1]]],
    ["ok", ["r", "x", [1, 2]]],
  ] as const;

  expect(found(history)).toEqual({ G1a: 1 });
});

test("the last append of a transaction may be read, and one before it only by itself", () => {
  const history = [
    ["ok", ["append", "x", 1], ["r", "x", [1]], ["append", "x", 2]],
    ["ok", ["r", "x", [1]]],
    ["ok", ["r", "x", [1, 2]]],
  ] as const;

  expect(found(history)).toMatchObject({ G1b: 1 });
});
