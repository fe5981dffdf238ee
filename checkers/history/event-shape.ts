/**
 * Is this decoded record one of our events? A checksum says that the bytes are those written; this says that they
 * are an event of this schema, so that everything behind the journal may trust its types.
 *
 * Only what the checkers would trip over is looked at, field by field and by hand: a million records must pass in
 * about a second.
 */
import type { HistoryEvent } from "./event.ts";
import { harms } from "./harm.ts";

type Test = (value: unknown) => boolean;
type Shape = Readonly<Record<string, Test>>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text: Test = (value) => typeof value === "string";
const nullable =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const flag: Test = (value) => typeof value === "boolean";
const number: Test = (value) => typeof value === "number" && Number.isFinite(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const either =
  (...choices: readonly string[]): Test =>
  (value) =>
    typeof value === "string" && choices.includes(value);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const fits = (value: unknown, shape: Shape): boolean => {
  if (!isRecord(value)) return false;
  for (const field in shape) if (!shape[field]?.(value[field])) return false;
  return true;
};
const record =
  (shape: Shape): Test =>
  (value) =>
    fits(value, shape);
const mapOf =
  (test: Test): Test =>
  (value) =>
    isRecord(value) && Object.values(value).every(test);

const observed = listOf(record({ write: (value) => value === null || text(value), digest: text }));
const line = { item: text, quantity: number };
const tagged = listOf(record({ ...line, tag: text }));
const contents: Test = (value) =>
  fits(value, { codec: either("tagged"), live: tagged, removed: listOf(text), order: optional(text) }) ||
  fits(value, { codec: either("union"), lines: listOf(record(line)), order: optional(text) });
const written = record({
  write: text,
  parents: listOf(text),
  digest: text,
  bytes: number,
  effect: optional(
    record({ action: text, adds: tagged, removes: listOf(record({ item: text, observed: listOf(text) })) }),
  ),
  contents: optional(contents),
  sold: optional(listOf(text)),
});
const attempt = record({ node: text, from: number, until: number, outcome: either("ok", "none", "unknown") });
const attempts = listOf(attempt);
const unfinished: Shape = { id: number, at: number, attempts, error: text };

const shapes: ReadonlyMap<string, Shape> = new Map<HistoryEvent["type"], Shape>([
  [
    "run",
    {
      schema: (value) => value === 1,
      name: text,
      seed: number,
      startedWallMs: number,
      zeroMonotonicMs: optional(number),
      workload: text,
      nodes: listOf(text),
      promises: record({
        n: number,
        r: number,
        w: number,
        pr: number,
        pw: number,
        sloppy: flag,
        versions: text,
        codec: text,
      }),
      phases: listOf(record({ name: text, kind: text, from: number, until: number })),
      objectives: listOf(
        record({ operation: text, quantile: number, limitMs: number, phase: text, hard: flag }),
      ),
      sla: optional(listOf(text)),
      noiseFloor: optional(record({ rate: number, p50Ms: number, p99Ms: number, p999Ms: number })),
      expect: listOf(text),
    },
  ],
  [
    "invoke",
    {
      id: number,
      process: number,
      session: text,
      operation: text,
      key: text,
      entry: text,
      intended: number,
      at: number,
      kind: either("get", "put", "delete"),
      final: optional(flag),
      written: optional(written),
    },
  ],
  [
    "ok",
    {
      id: number,
      at: number,
      attempts,
      observed: optional(observed),
      tombstones: optional(listOf(text)),
      acknowledged: optional(
        listOf(
          record({ node: text, role: either("home", "fallback"), durability: either("synced", "buffered") }),
        ),
      ),
      coordinator: optional(text),
    },
  ],
  ["fail", unfinished],
  ["info", unfinished],
  ["late-copy", { id: number, at: number, attempt }],
  [
    "fault",
    {
      id: text,
      kind: text,
      harm: optional(either(...harms)),
      nodes: listOf(text),
      backend: text,
      evidence: text,
      at: number,
      stage: either("injecting", "active", "healing", "healed", "ineffective", "skipped"),
    },
  ],
  [
    "node-ended",
    { node: text, at: number, exitCode: nullable(number), signal: nullable(text), lastLogLine: text },
  ],
  ["dump", { node: text, key: text, homes: listOf(text), state: text, observed, tombstones: listOf(text) }],
  [
    "calm",
    {
      node: text,
      at: number,
      isQuiet: flag,
      hintCount: number,
      unreachablePeers: listOf(text),
      treeRoots: mapOf(text),
      counters: mapOf(number),
    },
  ],
  [
    "load",
    {
      at: number,
      lagUsMax: number,
      loopStallUsMax: number,
      inFlight: number,
      dropped: number,
      gcUsMax: optional(number),
    },
  ],
  [
    "machine",
    { at: number, foreignShare: number, stealShare: number, waitShare: number, ownCpuMs: optional(number) },
  ],
  ["end", { at: number, reason: either("completed", "interrupted", "failed") }],
]);

/** False for anything that is not an event of schema 1, whatever it is. Never throws. */
export const isHistoryEvent = (value: unknown): value is HistoryEvent => {
  if (!isRecord(value) || typeof value["type"] !== "string") return false;
  const shape = shapes.get(value["type"]);
  return shape !== undefined && fits(value, shape);
};
