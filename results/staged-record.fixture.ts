/**
 * The record of a staged run: its history judged by no real checker, but with verdicts, anomalies and service-level
 * rows of the shape and size that the real ones have, so that the report can be tried before and without them.
 */
import type { Objective, Phase } from "../checkers/history/event.ts";
import { type History, historyOf } from "../checkers/history/history.ts";
import type { Judgement } from "../checkers/judge.ts";
import { type Anomaly, type Verdict, worst } from "../checkers/verdict.ts";
import { latencyPercentiles } from "./percentiles.ts";
import { recordOfRun } from "./record-of-run.ts";
import type { RunFigures } from "./report/figures.ts";
import { figuresOfRun } from "./report/figures-of-run.ts";
import type { RunEnvironment, RunRecord, ServiceRow } from "./run-record.ts";
import { type StagedOptions, type StagedVariant, stagedHistory } from "./staged-run.fixture.ts";

export type StagedRun = {
  readonly history: History;
  readonly record: RunRecord;
  readonly figures: RunFigures;
};

export const stagedRun = (options: StagedOptions = {}): StagedRun => {
  const { variant = "passed", text = (plain: string) => plain } = options;
  const history = historyOf(stagedHistory(options));
  const service = stagedService(history);
  const record = recordOfRun({
    history,
    judgement: stagedJudgement(variant, history, service, text),
    service,
    environment: stagedEnvironment(text),
  });
  return { history, record, figures: figuresOfRun(history, record) };
};

const stagedEnvironment = (text: (plain: string) => string): RunEnvironment => ({
  plan: {
    schema: 1,
    options: { name: text("shopping-cart"), nodes: 5, rate: 500, seed: 7 },
    faults: ["kill", "pause", "partition", "clock"],
  },
  replay: text(
    "npx tipcart run shopping-cart --nodes 5 --rate 500 --faults kill,pause,partition,clock --seed 7",
  ),
  versions: { tipcart: "0.1.0", node: "20.20.2" },
  machine: {
    system: "Linux",
    kernel: "6.18.5",
    architecture: "x64",
    cpuModel: "AMD EPYC 9B14",
    coreCount: 2,
    memoryBytes: 8 * 2 ** 30,
  },
  backends: { network: text("kernel (policy routing)"), clock: "node preload" },
  timingsMs: {
    start: 1_840,
    load: 90_000,
    settle: 2_310,
    dump: 912,
    "final reads": 3_204,
    check: 1_467,
    report: 402,
  },
});

const stagedJudgement = (
  variant: StagedVariant,
  history: History,
  service: readonly ServiceRow[],
  text: (plain: string) => string,
): Judgement => {
  const verdicts = stagedVerdicts(variant, history, service, text);
  return {
    schema: 1,
    type: worst(verdicts.map((verdict) => verdict.type)),
    summary: "Staged.",
    verdicts,
    defects: [],
  };
};

const stagedVerdicts = (
  variant: StagedVariant,
  history: History,
  service: readonly ServiceRow[],
  text: (plain: string) => string,
): readonly Verdict[] => {
  const { acknowledged, shown } = acknowledgedWrites(history);
  const clean = { type: "passed", anomalies: [], anomalyCount: 0, metrics: {} } as const;
  const lost = variant === "violated" ? shown.slice(0, 3).map((row) => lostWrite(history, row, text)) : [];
  const breached = service.some((row) => row.hard && row.verdict === "breached");
  return [
    lost.length > 0
      ? {
          checker: "acked-writes",
          properties: ["P1"],
          type: "violated",
          anomalies: lost,
          anomalyCount: 31,
          violations: { P1: 31 },
          expected: true,
          metrics: { acknowledged, lost: 31 },
          summary: `31 of ${acknowledged.toLocaleString("en")} acknowledged writes lost. Expected of this configuration (plain version vectors: two writes with one context through one coordinator look like successors of each other).`,
        }
      : {
          ...clean,
          checker: "acked-writes",
          properties: ["P1"],
          summary: `0 of ${acknowledged.toLocaleString("en")} acknowledged writes lost.`,
          metrics: { acknowledged, unknown: 12, "kept by a descendant": 17_204 },
        },
    {
      ...clean,
      checker: "acked-adds",
      properties: ["P2"],
      summary: "0 of 9,811 acknowledged adds lost.",
      metrics: { adds: 9_811, removed: 2_140 },
    },
    {
      ...clean,
      checker: "phantoms",
      properties: ["P3", "P15"],
      summary: "0 of 25,044 reads returned anything that was not written.",
    },
    {
      ...clean,
      checker: "resurfacing",
      properties: ["P4", "P4k"],
      summary: "0 of 2,140 removes undone, 0 of 803 deleted keys returned.",
    },
    {
      ...clean,
      checker: "freshness",
      properties: ["P13"],
      summary:
        "14 of 25,044 reads missed a write acknowledged before; this configuration does not promise otherwise.",
      metrics: { stale: 14, "stale share": 0.000559 },
    },
    {
      ...clean,
      checker: "convergence",
      properties: ["P14"],
      summary: "All 1,204 keys agree on all their homes, 1.9 s after the heal.",
    },
    breached
      ? {
          ...clean,
          checker: "availability",
          type: "breached",
          properties: ["P20"],
          summary:
            "get in the steady phases: 166 of 13,960 requests late or failed, where p99.9 within 300 ms allows 13.",
        }
      : {
          ...clean,
          checker: "availability",
          properties: ["P20"],
          summary: "Every objective of the steady phases is held; 99.8 % of all requests were answered.",
        },
    variant === "inconclusive"
      ? {
          ...clean,
          checker: "exercised",
          type: "inconclusive",
          properties: ["P24"],
          summary: "The fault 3 partition never took effect: 12 of 12 probes still passed after 2.0 s.",
        }
      : {
          ...clean,
          checker: "exercised",
          properties: ["P24"],
          summary:
            "4 of 4 faults overlapped requests; 211 hints stored, 211 delivered, 96 repairs, 340 keys with siblings.",
        },
  ];
};

/** Acknowledged puts that had a parent, for the anomalies to be about. */
const acknowledgedWrites = ({
  requests,
  written,
}: History): { readonly acknowledged: number; readonly shown: readonly number[] } => {
  const rows: number[] = [];
  let acknowledged = 0;
  for (let row = 0; row < requests.count; row += 1) {
    if (requests.kind(row) === "get" || requests.outcome(row) !== "ok") continue;
    acknowledged += 1;
    if (
      requests.intended(row) > 55e6 &&
      acknowledged % 1_500 === 0 &&
      written.parents(requests.version(row)).length > 0
    )
      rows.push(row);
  }
  return { acknowledged, shown: rows };
};

const lostWrite = (history: History, row: number, text: (plain: string) => string): Anomaly => {
  const request = history.requests.request(row);
  const around = [...history.rowsOfKey(history.requests.key(row))]
    .filter((other) => Math.abs(other - row) < 400)
    .slice(0, 6);
  const write = request.write ?? "";
  const parent = history.written.name(history.written.parents(history.requests.version(row))[0] ?? -1);
  const at = (offset: number): number => request.sent + offset * 1_000;
  return {
    type: "lost-write",
    key: request.key,
    sentence: text(`Write ${write} of ${request.key} was acknowledged by 2 nodes and is in no final read.`),
    story: [
      text(
        `At ${(request.sent / 1e6).toFixed(1)} s ${request.session} wrote ${write} over ${parent} through ${request.entry}, during the partition of n1, n3.`,
      ),
      `It was acknowledged by ${request.acknowledged.map((one) => one.node).join(" and ")}.`,
      `41 ms later another device wrote 88.40211 over the same parent ${parent}, through the same coordinator.`,
      "Both got the clock entry n1:7, so a later put that had seen only 88.40211 replaced both.",
      "All 5 final reads returned 93.40377, which descends from 88.40211 and not from the lost write.",
    ],
    requests: [...new Set([...around, row])]
      .toSorted((a, b) => a - b)
      .map((other) => history.requests.id(other)),
    writes: [write, parent],
    lineage: {
      nodes: [
        { id: parent, label: parent, role: "write", at: at(-4_000) },
        { id: "read-1", label: "read by phone", role: "read", at: at(-30) },
        { id: "read-2", label: "read by tablet", role: "read", at: at(-12) },
        { id: write, label: write, role: "missing", at: at(0) },
        { id: "88.40211", label: "88.40211", role: "write", at: at(41) },
        { id: "91.40299", label: "91.40299", role: "write", at: at(890) },
        { id: "93.40377", label: "93.40377", role: "write", at: at(1_420) },
        { id: "final", label: text("final reads n1–n5"), role: "read", at: 93e6 },
      ],
      edges: [
        { from: parent, to: "read-1", kind: "returned", because: `The phone's read returned ${parent}.` },
        { from: parent, to: "read-2", kind: "returned", because: `The tablet's read returned ${parent}.` },
        {
          from: "read-1",
          to: write,
          kind: "context",
          because: `${write} was written with the context of the phone's read.`,
        },
        {
          from: "read-2",
          to: "88.40211",
          kind: "context",
          because: "88.40211 was written with the context of the tablet's read.",
        },
        {
          from: "88.40211",
          to: "91.40299",
          kind: "parent",
          because: "91.40299 names 88.40211 as its parent.",
        },
        {
          from: "91.40299",
          to: "93.40377",
          kind: "parent",
          because: "93.40377 names 91.40299 as its parent.",
        },
        {
          from: "88.40211",
          to: "93.40377",
          kind: "parent",
          because: "93.40377 names 88.40211 as its parent.",
        },
        {
          from: "93.40377",
          to: "final",
          kind: "returned",
          because: text("All five final reads returned 93.40377 alone."),
        },
      ],
    },
  };
};

/** Rows by exact counts, with a simple interval; the verdicts of real runs come from the checkers. */
const stagedService = (history: History): readonly ServiceRow[] => {
  const objectives = history.run?.objectives ?? [];
  return objectives.flatMap((objective) => {
    const phases = history.phases.filter((phase) => phase.kind === objective.phase);
    return [
      stagedRow(history, objective, phases, null),
      ...(phases.length > 1 ? phases.map((phase) => stagedRow(history, objective, [phase], phase)) : []),
    ];
  });
};

const stagedRow = (
  history: History,
  objective: Objective,
  phases: readonly Phase[],
  one: Phase | null,
): ServiceRow => {
  const { requests } = history;
  const tally = { ok: 0, fail: 0, info: 0 };
  const samples: number[] = [];
  for (let row = 0; row < requests.count; row += 1) {
    const due = requests.intended(row);
    if (
      requests.kind(row) !== objective.operation ||
      !phases.some((phase) => due >= phase.from && due < phase.until)
    )
      continue;
    tally[requests.outcome(row)] += 1;
    if (requests.outcome(row) === "ok") samples.push((requests.done(row) - due) / 1_000);
  }
  const slowCount = samples.filter((ms) => ms > objective.limitMs).length;
  const requestCount = tally.ok + tally.fail + tally.info;
  const bad = (slowCount + tally.fail + tally.info) / requestCount;
  const margin = 1.96 * Math.sqrt((bad * (1 - bad) + 1 / requestCount) / requestCount);
  const low = Math.max(0, bad - margin);
  const allowed = 1 - objective.quantile;
  return {
    operation: objective.operation,
    kind: objective.phase,
    phase: one?.name ?? null,
    ...(one?.fault === undefined ? {} : { fault: one.fault }),
    requestCount,
    okCount: tally.ok,
    slowCount,
    failCount: tally.fail,
    infoCount: tally.info,
    droppedCount: 0,
    quantile: objective.quantile,
    limitMs: objective.limitMs,
    badRatio: bad,
    badRatioLow: low,
    badRatioHigh: bad + margin,
    budgetSpent: bad / allowed,
    latencyMs: latencyPercentiles(Float64Array.from(samples)),
    verdict:
      low > allowed
        ? "breached"
        : bad + margin <= allowed
          ? "proved"
          : bad <= allowed
            ? "met"
            : "inconclusive",
    hard: objective.hard,
  };
};
