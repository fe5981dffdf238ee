/**
 * Faults at times of their own, which may overlap, with calm windows and a budget: what a plan file says, and what a
 * swarm draws. The phases of the run follow from them: what a fault covers is a fault phase, what comes after it is
 * recovery, everything else is steady.
 */
import type { Phase } from "../checkers/history/event.ts";
import { drawFault } from "./fault-draw.ts";
import type { FaultRequest } from "./fault-notation.ts";
import type { FaultPlan } from "./nemesis/nemesis.ts";
import type { PlanMembers } from "./plan-members.ts";

/** Milliseconds since the beginning of the load. */
export type Span = { readonly startMs: number; readonly lengthMs: number };

export type ScheduledFault = Span & {
  readonly request: FaultRequest;
  /** Where it was asked for: "faults[1]". */
  readonly place: string;
};

/** The most that may be wrong at one moment. */
export type Budget = {
  /** Nodes that are down, stopped or cut off from most others. */
  readonly unavailable: number;
  /** Nodes whose disks are damaged in the course of the run. */
  readonly destroyed: number;
  /** Faults. */
  readonly overlapping: number;
};

export type Schedule = {
  /** In order of their starts. */
  readonly faults: readonly ScheduledFault[];
  /** Nothing is wrong in them. */
  readonly calm: readonly Span[];
  readonly budget: Budget;
  readonly lengthMs: number;
};

/** A fault with its interval, µs since the start; it is healed at `until` whatever happens. */
export type PlannedFault = { readonly fault: FaultPlan; readonly from: number; readonly until: number };

export const endOf = ({ startMs, lengthMs }: Span): number => startMs + lengthMs;

export const doOverlap = (one: Span, other: Span): boolean =>
  one.startMs < endOf(other) && other.startMs < endOf(one);

/** The first fault that cannot be as it stands; the sentence has no full stop. */
export type Misplaced = { readonly index: number; readonly sentence: string };

/** Every fault of a schedule with what chance decides of it, in order of their starts. */
export function plannedFaults(
  { faults }: Schedule,
  { seed, members }: { readonly seed: number; readonly members: PlanMembers },
): readonly PlannedFault[] | Misplaced {
  const planned: PlannedFault[] = [];
  for (const [index, { request, startMs, lengthMs }] of faults.entries()) {
    const id = `${index + 1} ${request.kind}`;
    const { now: nodes, copies } = members;
    const fault = drawFault({ request: members.named(request), id, seed, nodes, copies });
    const mistake = members.take(fault);
    if (mistake !== undefined) return { index, sentence: mistake };
    planned.push({ fault, from: startMs * 1000, until: (startMs + lengthMs) * 1000 });
  }
  return planned;
}

type Lengths = { readonly warmUpMs: number; readonly recoveryMs: number; readonly lengthMs: number };

/** Back to back from 0 to the end of the load. Recovery ends where the next fault begins, if that is sooner. */
export function phasesAround(
  faults: readonly PlannedFault[],
  { warmUpMs, recoveryMs, lengthMs }: Lengths,
): readonly Phase[] {
  const phases: Phase[] = [];
  const end = lengthMs * 1000;
  let at = 0;
  let steadyCount = 0;
  const add = (phase: Omit<Phase, "from" | "until">, until: number): void => {
    if (until <= at) return;
    phases.push({ ...phase, from: at, until });
    at = until;
  };
  const addSteady = (until: number): void => {
    if (until <= at) return;
    steadyCount += 1;
    add({ name: steadyCount === 1 ? "steady" : `steady ${steadyCount}`, kind: "steady" }, until);
  };
  add({ name: "warm-up", kind: "warm-up" }, Math.min(warmUpMs * 1000, faults[0]?.from ?? end));
  for (const [index, window] of windowsOf(faults).entries()) {
    const name = `${index + 1} ${[...new Set(window.faults.map(({ fault }) => fault.kind))].join("+")}`;
    const fault = window.faults[0]?.fault.id ?? "";
    const next = windowsOf(faults)[index + 1]?.from ?? end;
    addSteady(window.from);
    add({ name, kind: "fault", fault }, window.until);
    add({ name: `after ${name}`, kind: "recovery", fault }, Math.min(window.until + recoveryMs * 1000, next));
  }
  addSteady(end);
  return phases;
}

type Window = { readonly from: number; readonly until: number; readonly faults: readonly PlannedFault[] };

/** Faults that overlap, or touch, are one window. `faults` in order of their starts. */
function windowsOf(faults: readonly PlannedFault[]): readonly Window[] {
  const windows: Window[] = [];
  for (const fault of faults) {
    const last = windows.at(-1);
    if (last === undefined || fault.from > last.until) windows.push({ ...fault, faults: [fault] });
    else {
      const until = Math.max(last.until, fault.until);
      windows[windows.length - 1] = { ...last, until, faults: [...last.faults, fault] };
    }
  }
  return windows;
}
