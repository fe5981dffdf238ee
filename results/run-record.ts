/**
 * One run as data: what was asked, where it ran, what was done to the cluster, and what the judges said.
 *
 * This is the schema of `verdict.json` and of the `--json` answer. It holds every number that the terminal, the
 * Markdown summary and the report print, so that none of them computes its own; only the curves of the report,
 * which are long, are computed anew from the journal (`report/figures.ts`).
 *
 * Times named `…At`, `from` and `until` are microseconds since the run began, as in the history. A null latency
 * means that too few requests were measured to name it. New fields may be added under the same schema number; a
 * field that changes its meaning or goes away raises it.
 */
import type { Micros, NodeName, Objective, Phase, Promises, RunEnded } from "../checkers/history/event.ts";
import type { SlaRow } from "../checkers/objectives/evaluation.ts";
import type { LatencyFigures, ServiceRow } from "../checkers/service-level.ts";
import type { Verdict, VerdictType } from "../checkers/verdict.ts";

export const runRecordSchema = 1;

export type RunRecord = {
  readonly schema: typeof runRecordSchema;
  readonly name: string;
  readonly workload: string;
  readonly seed: number;
  readonly startedWallMs: number;
  /** From the run's beginning to the last event of its history. */
  readonly durationMs: number;
  /** "cut-short": the journal ends without saying why. */
  readonly ending: RunEnded["reason"] | "cut-short";
  readonly endingNote?: string;

  /** The worst of `verdicts`, after what the plan expects was taken into account. */
  readonly verdict: VerdictType;
  readonly verdicts: readonly Verdict[];
  /** Why the history does not fit together, a sentence each; empty in a sound one. */
  readonly defects: readonly string[];
  /** Properties that the plan expects to be violated. */
  readonly expect: readonly string[];

  readonly nodes: readonly NodeName[];
  readonly promises: Promises;
  readonly phases: readonly Phase[];
  readonly objectives: readonly Objective[];
  readonly faults: readonly FaultRecord[];

  readonly counts: RequestCounts;
  /** Against the objectives; `requestCount` of a row counts what was sent, without the dropped. */
  readonly service: readonly ServiceRow[];
  /** What `--sla` asked for, a row a window; a node or a fault may be named. None in records of before. */
  readonly levels: readonly SlaRow[];
  readonly faultEffects: readonly FaultEffect[];
  readonly generator: GeneratorHealth;

  readonly environment: RunEnvironment;
};

/** What only the harness knows of a run: where it happened, with what, and how to have it again. */
export type RunEnvironment = {
  /** Whatever the harness planned, as JSON; shown, never interpreted. */
  readonly plan: unknown;
  /** The command that repeats this run. */
  readonly replay: string;
  /** How the load compares with that of a real service, one sentence; where the workload has such a service. */
  readonly scale?: string;
  /** { tipcart, node, … } */
  readonly versions: Readonly<Record<string, string>>;
  /** What the nodes ran. Records of before do not say. */
  readonly build?: BuildRecord;
  readonly machine: MachineRecord;
  /** { network: "kernel (policy routing)", clock: "node preload" } */
  readonly backends: Readonly<Record<string, string>>;
  /** What each step of the run took, in milliseconds: { start, load, settle, dump, check, … }. */
  readonly timingsMs: Readonly<Record<string, number>>;
  /** The class in which the system's scheduler had the load generator: "real-time" or "ordinary". */
  readonly loadPriority?: string;
};

/** Tells the builds of two runs apart, however they were called. */
export type BuildRecord = {
  /** Sixteen hex digits of a hash over the server's bundle, as the nodes were started with it. */
  readonly server: string;
  /** Of the checkout that the harness ran from, with "-dirty" where its files were changed; absent outside of one. */
  readonly revision?: string;
};

export type MachineRecord = {
  readonly system: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly cpuModel: string;
  readonly coreCount: number;
  readonly memoryBytes: number;
};

/** A fault's life. Proved: seen from outside to hold, `activeAt` to `healedAt`. */
export type FaultRecord = {
  readonly id: string;
  readonly kind: string;
  readonly nodes: readonly NodeName[];
  readonly backend: string;
  readonly state: "proved" | "ineffective" | "skipped" | "unfinished";
  readonly activeAt: Micros | null;
  readonly healedAt: Micros | null;
  /** What was seen from outside, as it became active or turned out ineffective. */
  readonly evidence: string;
};

/** How requests ended. `requestCount` is the sum of the other four and counts what was dropped unsent. */
export type RequestCounts = {
  readonly requestCount: number;
  readonly okCount: number;
  readonly failCount: number;
  /** Nobody knows whether they happened: `info`, or no completion at all. */
  readonly infoCount: number;
  readonly droppedCount: number;
  readonly acknowledgedReadCount: number;
  /** Puts and deletes. */
  readonly acknowledgedWriteCount: number;
};

/** What one fault did to the load, over all operations. */
export type FaultEffect = {
  readonly fault: string;
  readonly before: LatencyFigures;
  readonly during: LatencyFigures;
  readonly after: LatencyFigures;
  /** From the fault's window to the start of the first second that missed the objective; null when none did. */
  readonly firstBadMs: number | null;
  /** From the heal to the first of three good seconds in a row; null when the recovery window had none. */
  readonly recoveryMs: number | null;
  readonly badCount: number;
  readonly budgetSpent: number;
};

/** The load generator's judgement of itself. Lag is how late a request was sent, after its intended start. */
export type GeneratorHealth = {
  readonly lagMsP50: number | null;
  readonly lagMsP99: number | null;
  readonly lagMsP999: number | null;
  readonly lagMsMax: number | null;
  readonly loopStallMsMax: number;
  readonly inFlightMax: number;
  readonly droppedCount: number;
  /** Why it cannot be believed, a part of a sentence each. Records of before do not say. */
  readonly doubts?: readonly string[];
  /** Requests a second over the measured phases. */
  readonly achievedRate: number;
};
