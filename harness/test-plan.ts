/**
 * One run as data: cluster, load, faults, promises and seed. Everything that chance decides is decided here, from
 * the seed, before anything starts; the plan is stored before the run, and a stored plan says all that was meant.
 *
 * Phases are fixed beforehand. Steady is what lies outside the fault and recovery windows, never what turned out
 * well.
 */
import type { Objective, Phase, Promises } from "../checkers/history/event.ts";
import { parseSla } from "../checkers/objectives/expression.ts";
import { arrivalForms, parseArrivals } from "../workloads/generator/rate-shape.ts";
import { drawFault } from "./fault-draw.ts";
import type { FaultWindow } from "./fault-notation.ts";
import type { FaultKind, FaultPlan } from "./nemesis/nemesis.ts";
import { grudgeOf } from "./nemesis/partition.ts";
import { type Refusal, refuse } from "./outcome.ts";
import { PlanMembers } from "./plan-members.ts";

export type NetworkChoice = "auto" | "kernel" | "proxy";
export type ClockChoice = "auto" | "libfaketime" | "preload";

export type PlanOptions = {
  readonly name: string;
  readonly seed: number;
  readonly workload: string;
  readonly codec: "tagged" | "union";
  readonly nodes: number;
  readonly n: number;
  readonly r: number;
  readonly w: number;
  /** Only home nodes count: pr = r and pw = w, and no fallback stands in. */
  readonly strict: boolean;
  readonly versions: "dvv" | "vv-max" | "lww";
  readonly storage: "level" | "lmdb" | "memory";
  /** Room for hints on each node; without any, only anti-entropy and reads repair what a fault left behind. */
  readonly hintBytes: number;
  /** Whether each node logs what it does to each key, for the stories of anomalies; costs it some tenth of its speed. */
  readonly hasEventLogs: boolean;
  /** Requests per second that arrive, whatever the cluster does. */
  readonly rate: number;
  /** One of the forms of rate-shape.ts. */
  readonly arrivals: string;
  /** How records are chosen. */
  readonly keys: "zipfian" | "uniform";
  /** One window after another; see fault-draw.ts. */
  readonly faults: readonly FaultWindow[];
  readonly warmUpMs: number;
  readonly steadyMs: number;
  readonly faultMs: number;
  readonly recoveryMs: number;
  readonly closingMs: number;
  readonly network: NetworkChoice;
  readonly clock: ClockChoice;
  /** Kinds of phases whose service level ends the run as breached; steady always is among them. */
  readonly slaPhases: readonly ("fault" | "recovery")[];
  /** Service levels as objectives/expression.ts reads them. Where there are any, no objective is hard by default. */
  readonly sla: readonly string[];
  /** Whether the generator is measured against nothing before the run. */
  readonly isCalibrated: boolean;
  readonly slaLimitMs: number;
  readonly slaQuantile: number;
  readonly expect: readonly string[];
  readonly skipUnsupported: boolean;
};

export const defaultOptions: PlanOptions = {
  name: "shopping-cart",
  seed: 1,
  workload: "shopping-cart",
  codec: "tagged",
  nodes: 5,
  n: 3,
  r: 2,
  w: 2,
  strict: false,
  versions: "dvv",
  storage: "level",
  hintBytes: 256 * 1024 * 1024,
  hasEventLogs: false,
  rate: 500,
  arrivals: "poisson",
  keys: "zipfian",
  faults: [[{ kind: "kill" }], [{ kind: "pause" }], [{ kind: "partition" }], [{ kind: "clock" }]],
  warmUpMs: 5_000,
  steadyMs: 30_000,
  faultMs: 5_000,
  recoveryMs: 5_000,
  closingMs: 15_000,
  network: "auto",
  clock: "auto",
  slaPhases: [],
  sla: [],
  isCalibrated: true,
  slaLimitMs: 300,
  slaQuantile: 0.999,
  expect: [],
  skipUnsupported: false,
};

/** A fault with its interval, µs since the start; it is healed at `until` whatever happens. */
export type PlannedFault = { readonly fault: FaultPlan; readonly from: number; readonly until: number };

export type Plan = {
  readonly schema: 1;
  readonly options: PlanOptions;
  /** Those that the cluster begins with. */
  readonly nodes: readonly string[];
  /** Those that join. */
  readonly spares: readonly string[];
  readonly promises: Promises;
  readonly phases: readonly Phase[];
  readonly faults: readonly PlannedFault[];
  readonly objectives: readonly Objective[];
  /** Length of the load, µs. */
  readonly durationUs: number;
};

const nodeNames = (options: PlanOptions): readonly string[] =>
  Array.from({ length: options.nodes }, (_, index) => `n${index + 1}`);

const range = (what: string, value: number, low: number, high: number): string | undefined =>
  Number.isInteger(value) && value >= low && value <= high
    ? undefined
    : `${what} is ${value}; it must be a whole number from ${low} to ${high}`;

/** The first service level that cannot be read; its sentence has its full stop already. */
const slaMistakeIn = (options: PlanOptions): string | undefined => {
  const names = {
    nodes: nodeNames(options),
    faults: [...new Set(options.faults.flat().map(({ kind }) => kind))],
  };
  const wrong = options.sla.map((text) => parseSla(text, names)).find((one) => one.type === "mistake");
  return wrong?.type === "mistake" ? wrong.reason.replace(/\.$/, "") : undefined;
};

/** Faults after which a node is another process. */
const endingKinds: ReadonlySet<FaultKind> = new Set(["kill", "stop", "restart", "memory", "power-cut"]);

/** The first thing wrong with `options`, as a sentence. */
const mistakeIn = (options: PlanOptions): string | undefined =>
  range("--nodes", options.nodes, 1, 15) ??
  range("--n", options.n, 1, options.nodes) ??
  range("--r", options.r, 1, options.n) ??
  range("--w", options.w, 1, options.n) ??
  range("--hint-bytes", options.hintBytes, 1, 2 ** 40) ??
  range("--rate", options.rate, 1, 50_000) ??
  range("--seed", options.seed, 0, 2 ** 31 - 1) ??
  range("--warm-up (in ms)", options.warmUpMs, 0, 3_600_000) ??
  range("--steady (in ms)", options.steadyMs, 1_000, 86_400_000) ??
  range("--fault (in ms)", options.faultMs, 500, 3_600_000) ??
  range("--recovery (in ms)", options.recoveryMs, 500, 3_600_000) ??
  range("--closing (in ms)", options.closingMs, 0, 86_400_000) ??
  range("--sla-limit (in ms)", options.slaLimitMs, 1, 60_000) ??
  (options.slaQuantile > 0 && options.slaQuantile < 1
    ? undefined
    : `--sla-quantile is ${options.slaQuantile}; it must lie between 0 and 1, such as 0.999`) ??
  range("number of fault windows", options.faults.length, 0, 100) ??
  (parseArrivals(options.arrivals) === undefined
    ? `--arrivals is "${options.arrivals}"; it must be ${arrivalForms}`
    : undefined) ??
  slaMistakeIn(options) ??
  (options.storage === "memory" && options.faults.flat().some(({ kind }) => endingKinds.has(kind))
    ? `--storage memory forgets everything when a node ends; leave ${[...endingKinds].join(", ")} out of --faults or use --storage level`
    : undefined) ??
  (options.nodes < 2 && options.faults.flat().some((fault) => fault.kind === "partition")
    ? "a partition needs at least 2 nodes; --nodes is 1"
    : undefined);

/** "2 partition" and "2 kill" for the two faults of the second window. */
const faultId = (windowIndex: number, window: FaultWindow, index: number): string => {
  const kind = window[index]?.kind ?? "";
  const isRepeated = window.slice(0, index).some((earlier) => earlier.kind === kind);
  return `${windowIndex + 1} ${kind}${isRepeated ? ` ${index + 1}` : ""}`;
};

/** Why a partition cannot be: a cluster too small for its shape. */
const tooFew = (fault: FaultPlan, members: readonly string[]): string | undefined => {
  if (fault.kind !== "partition" || fault.shape === "custom") return undefined;
  if (grudgeOf(fault.shape, fault.nodes, members).length > 0) return undefined;
  return `--faults asks for a partition ${fault.shape} of ${members.length} nodes, which parts nobody`;
};

/** Which phases the run has, back to back, from microsecond 0, and which fault acts when; a sentence if that cannot be. */
function timetableOf(options: PlanOptions): Pick<Plan, "phases" | "faults" | "spares"> | string {
  const phases: Phase[] = [];
  const faults: PlannedFault[] = [];
  const members = new PlanMembers(nodeNames(options), options.n);
  const mistakes: string[] = [];
  let from = 0;
  const add = (phase: Omit<Phase, "from" | "until">, lengthMs: number): void => {
    if (lengthMs === 0) return;
    const until = from + lengthMs * 1000;
    phases.push({ ...phase, from, until });
    from = until;
  };
  add({ name: "warm-up", kind: "warm-up" }, options.warmUpMs);
  add({ name: "steady", kind: "steady" }, options.steadyMs);
  options.faults.forEach((window, windowIndex) => {
    const ids = window.map((_, index) => faultId(windowIndex, window, index));
    window.forEach((request, index) => {
      const id = ids[index] ?? "";
      const offsetUs = Math.floor((options.faultMs * 1000 * index) / window.length);
      const fault = drawFault({
        request: members.named(request),
        id,
        seed: options.seed,
        nodes: members.now,
      });
      const mistake = members.take(fault) ?? tooFew(fault, members.now);
      if (mistake !== undefined) mistakes.push(mistake);
      faults.push({ fault, from: from + offsetUs, until: from + options.faultMs * 1000 });
    });
    const name = `${windowIndex + 1} ${window.map((request) => request.kind).join("+")}`;
    const fault = ids[0] ?? "";
    add({ name, kind: "fault", fault }, options.faultMs);
    add({ name: `after ${name}`, kind: "recovery", fault }, options.recoveryMs);
  });
  add({ name: "closing", kind: "steady" }, options.closingMs);
  return mistakes[0] ?? { phases, faults, spares: members.spares };
}

const objectivesOf = (options: PlanOptions): Objective[] =>
  (["steady", "fault", "recovery"] as const).flatMap((phase) =>
    (["get", "put"] as const).map((operation) => ({
      operation,
      quantile: options.slaQuantile,
      limitMs: options.slaLimitMs,
      phase,
      hard:
        (phase === "steady" && options.sla.length === 0) || options.slaPhases.some((one) => one === phase),
    })),
  );

/** The whole plan of a run; or what is wrong with the options, which ends the command with exit code 64. */
export function planOf(options: PlanOptions): Plan | Refusal {
  const mistake = mistakeIn(options);
  if (mistake !== undefined) return refuse("usage", `${mistake}.`);
  const timetable = timetableOf(options);
  if (typeof timetable === "string") return refuse("usage", `${timetable}.`);
  const { phases, faults, spares } = timetable;
  return {
    schema: 1,
    options,
    nodes: nodeNames(options),
    spares,
    promises: {
      n: options.n,
      r: options.r,
      w: options.w,
      pr: options.strict ? options.r : 0,
      pw: options.strict ? options.w : 0,
      sloppy: !options.strict,
      versions: options.versions,
      codec: options.codec,
    },
    phases,
    faults,
    objectives: objectivesOf(options),
    durationUs: phases.at(-1)?.until ?? 0,
  };
}

/** A stored plan; undefined for text that is none. It was checked when it was made, so only its kind is looked at. */
export function parsePlan(text: string): Plan | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isPlan(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isPlan = (value: unknown): value is Plan =>
  typeof value === "object" &&
  value !== null &&
  "schema" in value &&
  value.schema === 1 &&
  "options" in value &&
  "phases" in value;
