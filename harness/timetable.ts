/**
 * When what happens in a run: its phases, back to back from microsecond 0, and its faults with all that chance decides
 * of them. Windows of one length follow each other; a schedule says its own times, and a swarm draws them.
 */
import type { Phase } from "../checkers/history/event.ts";
import { streamOf } from "../workloads/generator/stream.ts";
import { breachOf, clashAmong, defaultBudget } from "./budget.ts";
import { drawFault } from "./fault-draw.ts";
import type { FaultWindow } from "./fault-notation.ts";
import { harmOf } from "./nemesis/harm.ts";
import type { FaultKind, FaultPlan } from "./nemesis/nemesis.ts";
import { grudgeOf } from "./nemesis/partition.ts";
import { PlanMembers } from "./plan-members.ts";
import { type PlannedFault, phasesAround, plannedFaults, type Schedule } from "./schedule.ts";
import { drawSwarm } from "./swarm.ts";
import { menuOf, shortestMs } from "./swarm-menu.ts";
import type { PlanOptions } from "./test-plan.ts";

export type Timetable = {
  readonly phases: readonly Phase[];
  readonly faults: readonly PlannedFault[];
  /** Nodes that join. */
  readonly spares: readonly string[];
};

/** Faults after which a node is another process. */
export const endingKinds: ReadonlySet<FaultKind> = new Set([
  "kill",
  "stop",
  "restart",
  "memory",
  "power-cut",
]);

export const nodeNames = ({ nodes }: Pick<PlanOptions, "nodes">): readonly string[] =>
  Array.from({ length: nodes }, (_, index) => `n${index + 1}`);

/** A sentence without its full stop where the faults cannot be carried out as they are asked for. */
export function timetableOf(options: PlanOptions): Timetable | string {
  const { schedule } = options;
  if (schedule === undefined) return windowed(options);
  return schedule.type === "file"
    ? scheduled(options, schedule.schedule, `${schedule.path}: `)
    : scheduled(options, swarmOf(options, schedule), "");
}

/** What a swarm draws for these options. A minority of the nodes at most is away, or loses its disk, by default. */
function swarmOf(
  options: PlanOptions,
  {
    lengthMs,
    budget: asked,
    abilities = [],
  }: Extract<NonNullable<PlanOptions["schedule"]>, { type: "swarm" }>,
): Schedule {
  const { seed, warmUpMs, steadyMs, closingMs, recoveryMs, faultMs, storage } = options;
  const usual = defaultBudget(options);
  const minority = Math.floor((options.nodes - 1) / 2);
  const budget = {
    ...usual,
    unavailable: minority,
    destroyed: Math.min(usual.destroyed, minority),
    ...asked,
  };
  const within = { startMs: warmUpMs + steadyMs, lengthMs: Math.max(0, lengthMs - recoveryMs) };
  const longestMs = Math.max(shortestMs, Math.min(2 * faultMs, within.lengthMs));
  return drawSwarm({
    seed,
    nodes: nodeNames(options),
    copies: options.n,
    budget,
    menu: menuOf({
      nodeCount: options.nodes,
      rate: options.rate,
      storage,
      isKernelOnly: options.network === "kernel",
      destroyed: budget.destroyed,
      abilities,
      longestMs,
    }),
    within,
    longestMs,
    lengthMs: warmUpMs + steadyMs + lengthMs + closingMs,
  });
}

function scheduled(options: PlanOptions, schedule: Schedule, where: string): Timetable | string {
  const nodes = nodeNames(options);
  const members = new PlanMembers(nodes, options.n);
  const faults = plannedFaults(schedule, { seed: options.seed, members });
  const placed = (index: number, sentence: string): string => {
    const place = schedule.faults[index]?.place ?? "faults";
    return `${where}${place} is wrong: ${sentence.replace(/^--faults /, "it ")}`;
  };
  if ("sentence" in faults) return placed(faults.index, faults.sentence);
  const breach = breachOf(faults, schedule, [...nodes, ...members.spares]);
  if (breach !== undefined) return placed(breach.index, breach.sentence);
  const { warmUpMs, recoveryMs } = options;
  const phases = phasesAround(faults, { warmUpMs, recoveryMs, lengthMs: schedule.lengthMs });
  return { phases, faults, spares: members.spares };
}

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

/**
 * Why no copy of an acknowledged write need be left: as many disks are damaged as acknowledge it. With W = 1 that is one,
 * which is allowed, and judged as what it is.
 */
const tooManyDisks = (faults: readonly PlannedFault[], { w }: PlanOptions): string | undefined => {
  const harmed = faults.filter(({ fault }) => harmOf(fault) !== undefined);
  const nodes = [...new Set(harmed.flatMap(({ fault }) => fault.nodes))];
  if (nodes.length <= Math.max(1, w - 1)) return undefined;
  return `--faults damages the disks of ${nodes.join(", ")}, and W = ${w} copies may have been on just these; a plan file may have a budget for that`;
};

function windowed(options: PlanOptions): Timetable | string {
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
  const later = (windowIndex: number): void => {
    const last = phases.at(-1);
    if (options.jitterMs === 0 || last === undefined) return;
    from += streamOf(options.seed, `jitter ${windowIndex + 1}`).integer(0, options.jitterMs) * 1000;
    phases[phases.length - 1] = { ...last, until: from };
  };
  options.faults.forEach((window, windowIndex) => {
    later(windowIndex);
    const ids = window.map((_, index) => faultId(windowIndex, window, index));
    const drawn = window.map((request, index) => {
      const id = ids[index] ?? "";
      const offsetUs = Math.floor((options.faultMs * 1000 * index) / window.length);
      const fault = drawFault({
        request: members.named(request),
        id,
        seed: options.seed,
        nodes: members.now,
        copies: members.copies,
      });
      const mistake = members.take(fault) ?? tooFew(fault, members.now);
      if (mistake !== undefined) mistakes.push(mistake);
      faults.push({ fault, from: from + offsetUs, until: from + options.faultMs * 1000 });
      return fault;
    });
    const clash = clashAmong(drawn);
    if (clash !== undefined) mistakes.push(`--faults is wrong: ${clash}`);
    const name = `${windowIndex + 1} ${window.map((request) => request.kind).join("+")}`;
    const fault = ids[0] ?? "";
    add({ name, kind: "fault", fault }, options.faultMs);
    add({ name: `after ${name}`, kind: "recovery", fault }, options.recoveryMs);
  });
  add({ name: "closing", kind: "steady" }, options.closingMs);
  const mistake = mistakes[0] ?? tooManyDisks(faults, options);
  return mistake ?? { phases, faults, spares: members.spares };
}
