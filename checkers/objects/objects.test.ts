/** For every object a history that is right, the anomaly alone, and what leaves the question open. */
import { describe, expect, it } from "vitest";
import type { Datum, EdnMap } from "../exchange/datum.ts";
import type { RecordType } from "../exchange/history-record.ts";
import { bankCheck } from "./bank.ts";
import { counterCheck } from "./counter.ts";
import type { ObjectCheck } from "./object-check.ts";
import { pnCounterCheck } from "./pn-counter.ts";
import { queueCheck } from "./queue.ts";
import { setCheck } from "./set.ts";
import { setFullCheck } from "./set-full.ts";
import { uniqueIdsCheck } from "./unique-ids.ts";

type Event = readonly [process: number, type: RecordType, f: string, value: Datum];

/** `[f, asked, answer]`: invoked and answered, one after another, by one process. */
const sequence = (...operations: readonly (readonly [string, Datum, Datum?])[]): readonly Event[] =>
  operations.flatMap(([f, asked, answer]): readonly Event[] => [
    [0, "invoke", f, asked],
    [0, "ok", f, answer ?? asked],
  ]);

const judge = (check: ObjectCheck, events: readonly Event[]): string => {
  for (const [place, [process, type, f, value]] of events.entries())
    check.add({ process, type, f, value, time: -1, index: -1, line: place + 1 });
  const { type, anomalies } = check.finish();
  return [type, ...new Set(anomalies.map((anomaly) => anomaly.type))].join(" ");
};

const unknownAdd = (process: number, f: string, value: Datum): readonly Event[] => [
  [process, "invoke", f, value],
  [process, "info", f, value],
];

describe("a set", () => {
  it.each([
    ["passed", sequence(["add", 1], ["add", 2], ["read", null, [2, 1]])],
    ["passed", [...unknownAdd(1, "add", 3), ...sequence(["add", 1], ["read", null, [1, 3]])]],
    ["violated lost-element", sequence(["add", 1], ["add", 2], ["read", null, [2]])],
    ["violated garbage-read", sequence(["add", 1], ["read", null, [1, 9]])],
    ["inconclusive", sequence(["add", 1])],
    ["inconclusive", sequence(["read", null, []], ["add", 1])],
  ])("%s", (verdict, events) => expect(judge(setCheck(), events)).toBe(verdict));
});

const linearizableSet = (): ObjectCheck => setFullCheck({ linearizable: true });

describe("a set that is read all along", () => {
  it.each([
    ["passed", sequence(["add", 1], ["read", null, [1]], ["add", 2], ["read", null, [1, 2]])],
    ["violated lost-element", sequence(["add", 1], ["read", null, [1]], ["read", null, []])],
    ["violated lost-element", sequence(["add", 1], ["read", null, []])],
    ["violated stale-read", sequence(["add", 1], ["read", null, []], ["read", null, [1]])],
    ["violated garbage-read", sequence(["read", null, [7]])],
    ["inconclusive", sequence(["add", 1])],
  ])("%s", (verdict, events) => expect(judge(linearizableSet(), events)).toBe(verdict));

  it("may be stale when it is not promised to be linearizable", () => {
    const events = sequence(["add", 1], ["read", null, []], ["read", null, [1]]);

    expect(judge(setFullCheck({ linearizable: false }), events)).toBe("passed");
  });

  it("does not have to show an element while it is being added", () => {
    const events: readonly Event[] = [
      [1, "invoke", "add", 1],
      ...sequence(["read", null, []]),
      [1, "ok", "add", 1],
    ];

    expect(judge(linearizableSet(), [...events, ...sequence(["read", null, [1]])])).toBe("passed");
  });
});

describe("a counter", () => {
  it.each([
    ["passed", sequence(["add", 2], ["read", null, 2], ["dec", 1], ["read", null, 1])],
    ["passed", [...unknownAdd(1, "add", 5), ...sequence(["read", null, 5], ["read", null, 0])]],
    ["violated counter-out-of-bounds", sequence(["add", 2], ["read", null, 1])],
    ["violated counter-out-of-bounds", sequence(["add", 2], ["read", null, 3])],
    ["inconclusive", sequence(["add", 2])],
  ])("%s", (verdict, events) => expect(judge(counterCheck(), events)).toBe(verdict));

  it("may show an addition that begins during the read", () => {
    const events: readonly Event[] = [
      [1, "invoke", "read", null],
      [2, "invoke", "add", 4],
      [1, "ok", "read", 4],
      [2, "ok", "add", 4],
    ];

    expect(judge(counterCheck(), events)).toBe("passed");
  });
});

describe("a PN-counter", () => {
  it.each([
    ["passed", sequence(["add", 2], ["read", null, 0], ["add", -1], ["read", null, 1])],
    [
      "passed",
      [...unknownAdd(1, "add", 5), ...unknownAdd(2, "add", 2), ...sequence(["add", 1], ["read", null, 3])],
    ],
    [
      "violated wrong-final-value",
      [...unknownAdd(1, "add", 5), ...unknownAdd(2, "add", 2), ...sequence(["add", 1], ["read", null, 4])],
    ],
    [
      "violated divergence",
      [...unknownAdd(1, "add", 5), ...sequence(["add", 1], ["read", null, 1], ["read", null, 6])],
    ],
    ["inconclusive", sequence(["read", null, 0], ["add", 1])],
  ])("%s", (verdict, events) => expect(judge(pnCounterCheck(), events)).toBe(verdict));
});

describe("a queue", () => {
  it.each([
    ["passed", sequence(["enqueue", 1], ["enqueue", 2], ["dequeue", null, 1], ["drain", null, [2]])],
    ["violated lost-element", sequence(["enqueue", 1], ["drain", null, []])],
    ["violated garbage-read", sequence(["dequeue", null, 5])],
    ["violated duplicate-elements", sequence(["enqueue", 1], ["dequeue", null, 1], ["dequeue", null, 1])],
    [
      "inconclusive",
      [...sequence(["enqueue", 1]), ...unknownAdd(1, "dequeue", null), ...sequence(["drain", null, []])],
    ],
  ])("%s", (verdict, events) => expect(judge(queueCheck(), events)).toBe(verdict));
});

describe("ids", () => {
  it.each([
    ["passed", sequence(["generate", null, 1], ["generate", null, 2])],
    ["violated duplicate-id", sequence(["generate", null, 1], ["generate", null, 1])],
    ["inconclusive", [] as readonly Event[]],
  ])("%s", (verdict, events) => expect(judge(uniqueIdsCheck(), events)).toBe(verdict));
});

const balances = (...amounts: readonly number[]): EdnMap => ({
  kind: "map",
  entries: [...amounts.entries()],
});

describe("a bank", () => {
  it.each([
    ["passed", sequence(["read", null, balances(5, 5)], ["read", null, balances(2, 8)])],
    ["violated wrong-total", sequence(["read", null, balances(5, 5)], ["read", null, balances(2, 5)])],
    ["violated negative-balance", sequence(["read", null, balances(5, 5)], ["read", null, balances(-1, 11)])],
    ["violated wrong-accounts", sequence(["read", null, balances(5, 5)], ["read", null, balances(10)])],
    ["violated wrong-shape", sequence(["read", null, 10])],
    ["inconclusive", [] as readonly Event[]],
  ])("%s", (verdict, events) => expect(judge(bankCheck({ negativeAllowed: false }), events)).toBe(verdict));
});
