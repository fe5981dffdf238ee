/**
 * `tipcart load`: the generator alone, against a cluster of its own, any store that has an adapter, or nothing at all;
 * one measurement, or the search for the highest rate that still meets a service level.
 */
import type { MachineHealth, NoiseFloor } from "../../checkers/history/event.ts";
import { provingCount } from "../../checkers/latency/clopper-pearson.ts";
import { calibrate } from "../generator/calibration.ts";
import { type Generated, generate } from "../generator/generator-child.ts";
import type { GeneratorJob } from "../generator/job.ts";
import { type ReadyTarget, readyTarget } from "../generator/load-target.ts";
import { type Measurement, measurementOf } from "../generator/measurement.ts";
import { afterTrial, nextRate, rateSearch } from "../generator/rate-search.ts";
import { watchMachine } from "../load/machine-watch.ts";
import type { LoadPriority } from "../load/priority.ts";
import { exitCodeOf, exitCodes, type Refusal, refuse } from "../outcome.ts";
import { type Progress, terminalProgress } from "../run/progress.ts";
import { untilInterrupted } from "./interruption.ts";
import { type LoadFlags, type LoadPlan, loadPlanOf } from "./load-options.ts";
import { loadTable, searchTable } from "./load-table.ts";

/** Of the object that `--json` prints: raised when a field changes its meaning or goes away. */
const jsonSchema = 1;

export type Trial = {
  readonly rate: number;
  readonly measurement: Measurement;
  /** Of one processor. */
  readonly cpuShare: number;
  readonly priority: LoadPriority;
  readonly residentMegabytes: { readonly start: number; readonly end: number };
};

export type LoadResult = {
  readonly noiseFloor?: NoiseFloor;
  readonly trials: readonly Trial[];
  /** Of a search: the highest rate that passed, 0 when none did. */
  readonly rateMax?: number;
  /** Of a search that ended early: why the generator could not be believed, twice in a row at one rate. */
  readonly unbelieved?: readonly string[];
};

/** Ends with the exit code, and has said all there is to say. */
export async function loadCommand(flags: LoadFlags): Promise<number> {
  const plan = loadPlanOf(flags);
  const isJson = flags.json === true;
  if ("exit" in plan) return complain(plan, isJson);
  const interruption = untilInterrupted();
  const progress = terminalProgress(process.stderr);
  const ended = await carryOutLoad(plan, progress, interruption.signal);
  progress.done();
  interruption.release();
  if ("exit" in ended) return complain(ended, isJson);
  const exitCode = exitCodeOfLoad(ended);
  if (isJson) process.stdout.write(`${JSON.stringify({ schema: jsonSchema, exitCode, ...ended })}\n`);
  else process.stdout.write(ended.rateMax === undefined ? loadTable(ended) : searchTable(ended));
  return exitCode;
}

function complain(refusal: Refusal, isJson: boolean): number {
  const exitCode = exitCodes[refusal.exit].code;
  if (isJson) {
    const { exit: ended, sentence } = refusal;
    process.stdout.write(`${JSON.stringify({ schema: jsonSchema, exitCode, ended, sentence })}\n`);
  }
  process.stderr.write(`tipcart: ${refusal.sentence}\n`);
  return exitCode;
}

/** A search has passed when it found a rate; one that found none, or ended early, is told by its last trial. */
const exitCodeOfLoad = ({ rateMax, unbelieved, trials }: LoadResult): number =>
  exitCodeOf(
    rateMax !== undefined && rateMax > 0 && unbelieved === undefined
      ? "passed"
      : (trials.at(-1)?.measurement.verdict ?? "inconclusive"),
  );

async function carryOutLoad(
  plan: LoadPlan,
  progress: Progress,
  signal: AbortSignal,
): Promise<LoadResult | Refusal> {
  const transport = transportOf(plan);
  if (plan.isCalibrated) progress.step("Calibrating: two seconds against a server that does nothing.");
  const calibrated = plan.isCalibrated
    ? await calibrate({ rate: plan.rate, pacer: plan.pacer, transport }, signal)
    : undefined;
  if (calibrated?.type === "failed") return refuse("internal", calibrated.sentence);
  const floor = calibrated === undefined ? {} : { noiseFloor: calibrated.floor };
  if (plan.target.type === "cluster")
    progress.step(`Starting ${plan.target.nodes} nodes and warming them up.`);
  const ready = await readyTarget(plan.target, plan.rate, signal);
  if (ready.type === "unready") return refuse("unavailable", ready.reason);
  try {
    const ended = plan.isSearch
      ? await search(plan, ready, progress, signal)
      : await once(plan, ready, progress, signal);
    return "exit" in ended ? ended : { ...floor, ...ended };
  } finally {
    await ready.close();
  }
}

const transportOf = ({ target }: LoadPlan): "framed" | "http" => {
  switch (target.type) {
    case "given":
      return target.target.transport;
    case "null":
      return target.transport;
    case "cluster":
      return "http";
  }
};

async function once(
  plan: LoadPlan,
  ready: ReadyTarget,
  progress: Progress,
  signal: AbortSignal,
): Promise<LoadResult | Refusal> {
  const trial = await trialAt(plan.rate, plan, ready, progress, signal);
  return "exit" in trial ? trial : { trials: [trial] };
}

/** What a generator measures that cannot be believed says nothing of the rate: once it is tried again, then it ends. */
async function search(
  plan: LoadPlan,
  ready: ReadyTarget,
  progress: Progress,
  signal: AbortSignal,
): Promise<LoadResult | Refusal> {
  let state = rateSearch(plan.rate, plan.rateMax);
  const trials: Trial[] = [];
  for (let rate = nextRate(state); rate !== undefined; rate = nextRate(state)) {
    const trial = await trialAt(rate, plan, ready, progress, signal);
    if ("exit" in trial) return trial;
    trials.push(trial);
    const { verdict, doubts } = trial.measurement;
    progress.step(`${rate} requests/s: ${verdict}${doubts.length > 0 ? `, ${doubts.join("; ")}` : ""}.`);
    if (doubts.length > 0) {
      const before = trials.at(-2);
      if (before?.rate === rate && before.measurement.doubts.length > 0)
        return { trials, rateMax: state.passed, unbelieved: doubts };
      continue;
    }
    state = afterTrial(state, rate, verdict === "passed");
  }
  return { trials, rateMax: state.passed };
}

async function trialAt(
  rate: number,
  plan: LoadPlan,
  ready: ReadyTarget,
  progress: Progress,
  signal: AbortSignal,
): Promise<Trial | Refusal> {
  const durationMs = plan.warmUpMs + measuredMsOf(rate, plan);
  const job: GeneratorJob = {
    ...plan,
    rate,
    durationUs: durationMs * 1000,
    inFlightMax: plan.inFlightMax ?? Math.max(16, Math.ceil((rate * plan.timeoutMs) / 1000)),
    target: ready.target,
  };
  progress.step(`Loading with ${rate} requests/s for ${Math.round(durationMs / 1000)} s.`);
  const machine: MachineHealth[] = [];
  const beganAt = process.hrtime.bigint();
  const now = (): number => Number((process.hrtime.bigint() - beganAt) / 1000n);
  const unwatch = watchMachine(now, (health) => machine.push(health));
  const generated = await generate(job, {
    signal,
    onProgress: ({ endedCount, inFlightCount, residentBytes }) =>
      progress.tick(`${endedCount} ended, ${inFlightCount} in flight, ${megabytes(residentBytes)} MB`),
  });
  unwatch();
  if (signal.aborted) return refuse("interrupted", "Interrupted. Everything was stopped.");
  if (generated.type === "failed") return refuse("internal", generated.sentence);
  return trialOf(rate, plan, ready, generated, machine);
}

/** Long enough for the objective with the smallest share of bad requests to be met at all, up to a minute. */
function measuredMsOf(rate: number, { durationMs, expressions, isSearch, readShare }: LoadPlan): number {
  if (!isSearch) return durationMs;
  const needed = expressions.flatMap((one) => {
    if (one.type !== "latency" && one.type !== "ok") return [];
    const share = one.operation === "get" ? readShare : one.operation === "put" ? 1 - readShare : 1;
    return share === 0 ? [] : [(1_050 * provingCount(1 - one.share)) / (rate * share)];
  });
  return Math.ceil(Math.min(Math.max(durationMs, 60_000), Math.max(durationMs, ...needed)));
}

function trialOf(
  rate: number,
  plan: LoadPlan,
  ready: ReadyTarget,
  generated: Generated,
  machine: readonly MachineHealth[],
): Trial {
  const { log, health, cpuShare, priority, residentBytesAtStart, residentBytesAtEnd } = generated;
  const measurement = measurementOf({
    log,
    health,
    machine,
    warmUpUs: plan.warmUpMs * 1000,
    durationUs: (plan.warmUpMs + measuredMsOf(rate, plan)) * 1000,
    seed: plan.seed,
    nodes: ready.entrances,
    expressions: plan.expressions,
  });
  return {
    rate,
    measurement,
    cpuShare,
    priority,
    residentMegabytes: { start: megabytes(residentBytesAtStart), end: megabytes(residentBytesAtEnd) },
  };
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
