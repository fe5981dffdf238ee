/**
 * From a history and its verdicts to the record: everything that is counted once and shown in several places.
 *
 * What a row of the service level is, and what its verdict says, is the checkers' business; here it is passed on.
 */
import { generatorDoubts, generatorFigures } from "../checkers/generator-fitness.ts";
import type { PhaseKind } from "../checkers/history/event.ts";
import type { Fault } from "../checkers/history/faults.ts";
import type { History } from "../checkers/history/history.ts";
import type { Judgement } from "../checkers/judge.ts";
import { slaRows } from "../checkers/objectives/evaluation.ts";
import { slaOf } from "../checkers/objectives/of-run.ts";
import { type ServiceRow, usualObjective } from "../checkers/service-level.ts";
import { faultEffects, strictestLimitMs } from "./fault-effects.ts";
import { loadRequests } from "./load-requests.ts";
import { latencyFigures } from "./percentiles.ts";
import {
  type FaultRecord,
  type GeneratorHealth,
  type RequestCounts,
  type RunEnvironment,
  type RunRecord,
  runRecordSchema,
} from "./run-record.ts";

export type JudgedRun = {
  readonly history: History;
  readonly judgement: Judgement;
  readonly service: readonly ServiceRow[];
  readonly environment: RunEnvironment;
};

/** A history without a beginning gives a record with an empty name and no phases. */
export const recordOfRun = ({ history, judgement, service, environment }: JudgedRun): RunRecord => {
  const run = history.run;
  return {
    schema: runRecordSchema,
    name: run?.name ?? "",
    workload: run?.workload ?? "",
    seed: run?.seed ?? 0,
    startedWallMs: run?.startedWallMs ?? 0,
    durationMs: history.lastAt / 1_000,
    ending: history.end?.reason ?? "cut-short",
    ...(history.end?.note === undefined ? {} : { endingNote: history.end.note }),
    verdict: judgement.type,
    verdicts: judgement.verdicts,
    defects: judgement.defects,
    expect: run?.expect ?? [],
    nodes: run?.nodes ?? [],
    promises: run?.promises ?? { n: 0, r: 0, w: 0, pr: 0, pw: 0, sloppy: false, versions: "", codec: "" },
    phases: history.phases,
    objectives: run?.objectives ?? [],
    faults: history.faults.map(faultRecord),
    counts: requestCounts(history),
    service,
    levels: slaRows(history, slaOf(history).expressions),
    faultEffects: faultEffects(history),
    generator: generatorHealth(history),
    environment,
  };
};

const faultRecord = (fault: Fault): FaultRecord => ({
  id: fault.id,
  kind: fault.kind,
  nodes: fault.nodes,
  backend: fault.backend,
  state: faultState(fault),
  activeAt: fault.activeFrom ?? null,
  healedAt: fault.healedAt ?? null,
  evidence: fault.evidence,
});

const faultState = (fault: Fault): FaultRecord["state"] => {
  if (fault.stage === "ineffective" || fault.stage === "skipped") return fault.stage;
  return fault.activeFrom === undefined ? "unfinished" : "proved";
};

const requestCounts = (history: History): RequestCounts => {
  const counts = { ok: 0, fail: 0, info: 0 };
  let reads = 0;
  for (const { kind, outcome } of loadRequests(history)) {
    counts[outcome] += 1;
    if (outcome === "ok" && kind === "get") reads += 1;
  }
  const droppedCount = droppedIn(history);

  return {
    requestCount: counts.ok + counts.fail + counts.info + droppedCount,
    okCount: counts.ok,
    failCount: counts.fail,
    infoCount: counts.info,
    droppedCount,
    acknowledgedReadCount: reads,
    acknowledgedWriteCount: counts.ok - reads,
  };
};

const droppedIn = ({ load }: History): number => load.reduce((sum, second) => sum + second.dropped, 0);

/** What service levels are about. */
const measuredKinds: ReadonlySet<PhaseKind> = new Set(["steady", "fault", "recovery"]);

/** The strictest limit that anything is held against: a lag that matters for one matters. */
const doubtedLimitMs = (history: History): number => {
  const asked = slaOf(history).expressions.flatMap((one) => (one.type === "latency" ? [one.limitMs] : []));
  const strictest = Math.min(strictestLimitMs(history), ...asked);
  return Number.isFinite(strictest) ? strictest : usualObjective.limitMs;
};

const generatorHealth = (history: History): GeneratorHealth => {
  const { load } = history;
  const measured = history.phases.filter((phase) => phase.kind !== "warm-up");
  const seconds = measured.reduce((sum, phase) => sum + (phase.until - phase.from) / 1e6, 0);
  const lags: number[] = [];
  let measuredCount = 0;
  for (const { due, lagMs } of loadRequests(history)) {
    lags.push(lagMs);
    if (measured.some((phase) => due >= phase.from && due < phase.until)) measuredCount += 1;
  }
  const lag = latencyFigures(lags);

  return {
    lagMsP50: lag.p50,
    lagMsP99: lag.p99,
    lagMsP999: lag.p999,
    lagMsMax: lag.max,
    loopStallMsMax: load.reduce((most, second) => Math.max(most, second.loopStallUsMax), 0) / 1_000,
    inFlightMax: load.reduce((most, second) => Math.max(most, second.inFlight), 0),
    droppedCount: droppedIn(history),
    doubts: generatorDoubts(
      generatorFigures(history, ({ kind }) => measuredKinds.has(kind)),
      doubtedLimitMs(history),
    ),
    achievedRate: seconds === 0 ? 0 : measuredCount / seconds,
  };
};
