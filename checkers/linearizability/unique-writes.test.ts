import { expect, test } from "vitest";
import type { RecordType } from "../exchange/history-record.ts";
import { judgeRegisters } from "./register.ts";
import { RegisterHistory } from "./register-history.ts";

type Event = readonly [process: number, type: RecordType, f: string, value: number | null];

const whole = (...operations: readonly (readonly [f: string, value: number])[]): readonly Event[] =>
  operations.flatMap(([f, value]) => [
    [1, "invoke", f, f === "read" ? null : value] as const,
    [1, "ok", f, value] as const,
  ]);

const named = (events: readonly Event[]): readonly string[] => {
  const history = new RegisterHistory({ keys: "one", failedCompareAndSet: "nothing" });
  for (const [line, [process, type, f, value]] of events.entries())
    history.add({ process, type, f, value, time: -1, index: line, line });
  history.finish();
  const budget = { now: () => 0, timeLimitMs: 1, memoryWords: 1000 };
  return judgeRegisters(history, "linearizable", budget).anomalies.map(({ type }) => type);
};

test.each([
  ["nothing", whole(["write", 1], ["read", 1], ["write", 2], ["read", 2]), []],
  ["a stale read", whole(["write", 1], ["write", 2], ["read", 1]), ["stale-read"]],
  ["a read from the future", whole(["read", 1], ["write", 1]), ["read-from-future"]],
  ["a read of what nobody wrote", whole(["write", 1], ["read", 7]), ["garbage-read"]],
  [
    "two values each of which must be older than the other",
    [
      [1, "invoke", "write", 1],
      [2, "invoke", "write", 2],
      ...whole(["read", 1], ["read", 2], ["read", 1]).map(
        ([, type, f, value]) => [3, type, f, value] as const,
      ),
      [1, "ok", "write", 1],
      [2, "ok", "write", 2],
    ],
    ["new-old-inversion"],
  ],
] as readonly (readonly [string, readonly Event[], readonly string[]])[])(
  "%s is called so",
  (_, events, types) => {
    expect(named(events)).toEqual(types);
  },
);
