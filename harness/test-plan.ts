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
import type { Ability } from "./cluster/cluster.ts";
import type { DiskChoice } from "./cluster/disk-choice.ts";
import type { FaultRequest, FaultWindow } from "./fault-notation.ts";
import { type Refusal, refuse } from "./outcome.ts";
import type { Budget, PlannedFault, Schedule } from "./schedule.ts";
import { swarmKinds } from "./swarm-menu.ts";
import { endingKinds, nodeNames, timetableOf } from "./timetable.ts";

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
  /** One window after another; see fault-notation.ts. */
  readonly faults: readonly FaultWindow[];
  /** In place of these windows, and then also of the lengths of phases: faults at times of their own, or drawn ones. */
  readonly schedule?:
    | { readonly type: "file"; readonly path: string; readonly schedule: Schedule }
    /** Between the steady phases; from a file when there is a path. At most a minority is unavailable by default. */
    | {
        readonly type: "swarm";
        readonly lengthMs: number;
        readonly budget: Partial<Budget>;
        /** Of the machine; without any, a swarm draws what every machine can do. */
        readonly abilities?: readonly Ability[];
        readonly path?: string;
      };
  readonly warmUpMs: number;
  readonly steadyMs: number;
  readonly faultMs: number;
  readonly recoveryMs: number;
  readonly closingMs: number;
  readonly network: NetworkChoice;
  readonly clock: ClockChoice;
  readonly disk: DiskChoice;
  /** Each window comes so much later than the one before would have it, at the most: drawn from the seed, ms. */
  readonly jitterMs: number;
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
  warmUpMs: 15_000,
  steadyMs: 30_000,
  faultMs: 5_000,
  recoveryMs: 5_000,
  closingMs: 15_000,
  network: "auto",
  clock: "auto",
  disk: "auto",
  jitterMs: 0,
  slaPhases: [],
  sla: [],
  isCalibrated: true,
  slaLimitMs: 300,
  slaQuantile: 0.999,
  expect: [],
  skipUnsupported: false,
};

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

const range = (what: string, value: number, low: number, high: number): string | undefined =>
  Number.isInteger(value) && value >= low && value <= high
    ? undefined
    : `${what} is ${value}; it must be a whole number from ${low} to ${high}`;

/** The first service level that cannot be read; its sentence has its full stop already. */
const slaMistakeIn = (options: PlanOptions): string | undefined => {
  const names = {
    nodes: nodeNames(options),
    faults:
      options.schedule?.type === "swarm"
        ? [...swarmKinds]
        : [...new Set(requestsOf(options).map(({ kind }) => kind))],
  };
  const wrong = options.sla.map((text) => parseSla(text, names)).find((one) => one.type === "mistake");
  return wrong?.type === "mistake" ? wrong.reason.replace(/\.$/, "") : undefined;
};

/** What is asked for by name, in windows or at times of its own. */
const requestsOf = ({ schedule, faults }: PlanOptions): readonly FaultRequest[] => {
  switch (schedule?.type) {
    case "file":
      return schedule.schedule.faults.map(({ request }) => request);
    case "swarm":
      return [];
    case undefined:
      return faults.flat();
  }
};

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
  range("--jitter (in ms)", options.jitterMs, 0, 3_600_000) ??
  range("--closing (in ms)", options.closingMs, 0, 86_400_000) ??
  range("--sla-limit (in ms)", options.slaLimitMs, 1, 60_000) ??
  (options.slaQuantile > 0 && options.slaQuantile < 1
    ? undefined
    : `--sla-quantile is ${options.slaQuantile}; it must lie between 0 and 1, such as 0.999`) ??
  (options.schedule?.type === "swarm"
    ? range("--swarm (in ms)", options.schedule.lengthMs, options.recoveryMs + 5_000, 86_400_000)
    : undefined) ??
  range("number of fault windows", options.faults.length, 0, 100) ??
  (parseArrivals(options.arrivals) === undefined
    ? `--arrivals is "${options.arrivals}"; it must be ${arrivalForms}`
    : undefined) ??
  slaMistakeIn(options) ??
  (options.storage === "memory" &&
  requestsOf(options).some(({ kind, damage }) => endingKinds.has(kind) || damage !== undefined)
    ? `--storage memory forgets everything when a node ends; leave ${[...endingKinds].join(", ")} and damaged disks out of --faults or use --storage level`
    : undefined) ??
  (options.nodes < 2 && requestsOf(options).some(({ kind }) => kind === "partition" || kind === "link")
    ? "a partition or a slow link needs at least 2 nodes; --nodes is 1"
    : undefined);

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
