import { expect, test } from "vitest";
import type { LogLevel } from "../log-level.ts";
import type { Clock } from "../ports/clock.ts";
import type { TraceEvent } from "../ports/trace.ts";
import { Log } from "./log.ts";

const suspected: TraceEvent = { type: "peer-suspected", peer: "b" };

test("an event worth knowing is one line of JSON", () => {
  const { log, lines } = logAt("info");

  log.emit(suspected);

  expect(lines).toEqual([
    '{"level":"warn","at":"2026-01-01T00:00:00.000Z","node":"a","event":"peer-suspected","peer":"b"}\n',
  ]);
});

test.each<[LogLevel, readonly string[]]>([
  ["info", ["info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["error", ["error"]],
  ["off", []],
])("the level %s tells %j", (level, told) => {
  const { log, lines } = logAt(level);

  log.emit({ type: "trees-built", keyCount: 1 });
  log.emit(suspected);
  log.emit({ type: "storage-failed", reason: "EIO" });

  expect(lines.map((line) => JSON.parse(line).level)).toEqual(told);
});

test("requests of clients are not told", () => {
  const { log, lines } = logAt("info");

  log.emit({ type: "read-answered", bucket: "b", key: "k", outcome: "ok", siblingCount: 1 });

  expect(lines).toEqual([]);
});

test("a shower of events is cut off, and how many were left out is told later", () => {
  const { log, lines, time } = logAt("warn");

  for (let count = 0; count < 25; count += 1) log.emit(suspected);
  time.nowMs += 1000;
  log.emit(suspected);

  expect(lines).toHaveLength(11);
  expect(JSON.parse(lines[10] ?? "")).toMatchObject({ leftOut: 15 });
});

function logAt(level: LogLevel) {
  const lines: string[] = [];
  const time = { nowMs: 0 };
  const clock: Clock = {
    monotonicMs: () => time.nowMs,
    wallMs: () => Date.UTC(2026, 0, 1),
    after: () => () => undefined,
    sleep: () => Promise.resolve(),
  };
  return { lines, time, log: new Log(level, "a", clock, (line) => lines.push(line)) };
}
