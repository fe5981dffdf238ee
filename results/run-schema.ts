/**
 * Reads a stored record back. What is on a disk may be damaged, edited by hand, or of another age, so all of it is
 * looked at before any of it is believed; what does not fit is one sentence that names the place.
 *
 * Fields that this version does not know are dropped, which lets an older Tipcart read a newer record of the same
 * schema number.
 */
import * as z from "zod";
import { type RunRecord, runRecordSchema } from "./run-record.ts";
import type { Kept } from "./whole-file.ts";

const name = z.string();
const number = z.number();
const count = z.int().nonnegative();
const measured = number.nullable();
const phaseKind = z.enum(["warm-up", "steady", "fault", "recovery", "settle", "final"]);
const operation = z.enum(["get", "put", "delete", "any"]);
const verdictType = z.enum(["passed", "inconclusive", "breached", "violated"]);

const anomaly = z.object({
  type: name,
  key: z.exactOptional(name),
  sentence: name,
  story: z.array(name),
  requests: z.array(number),
  writes: z.array(name),
  smallest: z.exactOptional(
    z.object({
      requestCount: count,
      requestCountBefore: count,
      isMinimal: z.boolean(),
      story: z.array(name),
    }),
  ),
  lineage: z.exactOptional(
    z.object({
      nodes: z.array(
        z.object({
          id: name,
          label: name,
          role: z.enum(["write", "read", "delete", "missing"]),
          at: z.exactOptional(number),
        }),
      ),
      edges: z.array(z.object({ from: name, to: name, kind: name, because: name })),
    }),
  ),
});

const verdict = z.object({
  checker: name,
  properties: z.array(name),
  type: verdictType,
  summary: name,
  anomalies: z.array(anomaly),
  anomalyCount: count,
  metrics: z.record(name, z.union([number, name])),
  violations: z.exactOptional(z.record(name, number)),
  expected: z.exactOptional(z.boolean()),
});

const promises = z.object({
  n: number,
  r: number,
  w: number,
  pr: number,
  pw: number,
  sloppy: z.boolean(),
  versions: name,
  codec: name,
});

const phase = z.object({ name, kind: phaseKind, from: number, until: number, fault: z.exactOptional(name) });

const objective = z.object({
  operation,
  quantile: number,
  limitMs: number,
  phase: phaseKind,
  hard: z.boolean(),
});

const fault = z.object({
  id: name,
  kind: name,
  nodes: z.array(name),
  backend: name,
  state: z.enum(["proved", "ineffective", "skipped", "unfinished"]),
  activeAt: measured,
  healedAt: measured,
  evidence: name,
});

const percentiles = z.object({ p50: measured, p90: measured, p99: measured, p999: measured, max: measured });

const outcomeCounts = { okCount: count, failCount: count, infoCount: count, droppedCount: count };

const serviceVerdict = z.enum(["proved", "met", "inconclusive", "breached"]);

const serviceRow = z.object({
  operation,
  kind: phaseKind,
  phase: name.nullable(),
  fault: z.exactOptional(name),
  requestCount: count,
  ...outcomeCounts,
  slowCount: count,
  quantile: number,
  limitMs: number,
  badRatio: number,
  badRatioLow: number,
  badRatioHigh: number,
  budgetSpent: number,
  latencyMs: percentiles,
  verdict: serviceVerdict,
  hard: z.boolean(),
});

const level = z.object({
  text: name,
  where: name,
  verdict: serviceVerdict,
  observed: name,
  requestCount: count,
  badCount: count,
  latencyMs: z.exactOptional(percentiles),
});

const faultEffect = z.object({
  fault: name,
  before: percentiles,
  during: percentiles,
  after: percentiles,
  firstBadMs: measured,
  recoveryMs: measured,
  badCount: count,
  budgetSpent: number,
});

const environment = z.object({
  plan: z.unknown(),
  replay: name,
  scale: z.exactOptional(name),
  versions: z.record(name, name),
  build: z.exactOptional(z.object({ server: name, revision: z.exactOptional(name) })),
  machine: z.object({
    system: name,
    kernel: name,
    architecture: name,
    cpuModel: name,
    coreCount: number,
    memoryBytes: number,
  }),
  backends: z.record(name, name),
  timingsMs: z.record(name, number),
  loadPriority: z.exactOptional(name),
});

const runRecord: z.ZodType<RunRecord> = z.object({
  schema: z.literal(runRecordSchema),
  name,
  workload: name,
  seed: number,
  startedWallMs: number,
  durationMs: number,
  ending: z.enum(["completed", "interrupted", "failed", "cut-short"]),
  endingNote: z.exactOptional(name),
  verdict: verdictType,
  verdicts: z.array(verdict),
  defects: z.array(name),
  expect: z.array(name),
  nodes: z.array(name),
  promises,
  phases: z.array(phase),
  objectives: z.array(objective),
  faults: z.array(fault),
  counts: z.object({
    requestCount: count,
    ...outcomeCounts,
    acknowledgedReadCount: count,
    acknowledgedWriteCount: count,
  }),
  service: z.array(serviceRow),
  levels: z.array(level).default([]),
  faultEffects: z.array(faultEffect),
  generator: z.object({
    lagMsP50: measured,
    lagMsP99: measured,
    lagMsP999: measured,
    lagMsMax: measured,
    loopStallMsMax: number,
    inFlightMax: number,
    droppedCount: count,
    doubts: z.exactOptional(z.array(name)),
    achievedRate: number,
  }),
  environment,
});

/** The record in a text of JSON, or what is wrong with it. */
export const parseRunRecord = (text: string): Kept<RunRecord> => {
  const value = parseJson(text);
  if (value === undefined)
    return { type: "failed", reason: "The stored record is not JSON; it may be cut off." };
  const schema = typeof value === "object" && value !== null && "schema" in value ? value.schema : undefined;
  if (schema !== runRecordSchema)
    return {
      type: "failed",
      reason: `The stored record has schema ${JSON.stringify(schema) ?? "none"}; this version reads schema ${runRecordSchema}.`,
    };
  const parsed = runRecord.safeParse(value);
  if (parsed.success) return { type: "ok", value: parsed.data };
  const issue = parsed.error.issues[0];

  return {
    type: "failed",
    reason: `The stored record is damaged at ${issue?.path.join(".")}: ${issue?.message}.`,
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
