/**
 * What each fault cost: latencies before, during and after, how soon it hurt, and how soon it was over.
 *
 * Before is the last ten seconds of the latest steady phase ahead of the fault, which no other fault touches. During is the interval in which the
 * fault was seen to hold, after its recovery window. The cost counts both windows as the plan fixed them, never as
 * they turned out.
 */
import type { Micros, Phase } from "../checkers/history/event.ts";
import type { Fault } from "../checkers/history/faults.ts";
import type { History } from "../checkers/history/history.ts";
import { type LatencyFigures, usualObjective } from "../checkers/service-level.ts";
import { loadRequests } from "./load-requests.ts";
import { latencyFigures } from "./percentiles.ts";
import type { FaultEffect } from "./run-record.ts";

type Window = { readonly from: Micros; readonly until: Micros };

const beforeUs = 10e6;
const second = 1e6;

/** Seconds in a row that must be good before a cluster counts as recovered. */
const goodSeconds = 3;

/** One a fault that has a window of its own, in the order of the faults. */
export const faultEffects = (history: History): readonly FaultEffect[] =>
  history.faults.flatMap((fault) => {
    const during = history.phases.find((phase) => phase.kind === "fault" && phase.fault === fault.id);
    return during === undefined ? [] : [effectOf(history, fault, during)];
  });

const effectOf = (history: History, fault: Fault, during: Phase): FaultEffect => {
  const after = history.phases.find((phase) => phase.kind === "recovery" && phase.fault === fault.id);
  const steady = history.phases.findLast((phase) => phase.kind === "steady" && phase.until <= during.from);
  const whole = { from: during.from, until: after?.until ?? during.until };
  const held = { from: fault.activeFrom ?? during.from, until: fault.healedAt ?? during.until };
  const seconds = badBySecond(history, whole);
  const allowed = 1 - strictestQuantile(history);
  const healed = Math.max(0, Math.ceil((held.until - whole.from) / second));
  const firstBad = seconds.findIndex((one) => isBad(one, allowed));
  const bad = seconds.reduce((sum, one) => sum + one.bad, 0);
  const all = seconds.reduce((sum, one) => sum + one.all, 0);

  return {
    fault: fault.id,
    before: latenciesDuring(history, {
      from: Math.max(steady?.from ?? 0, (steady?.until ?? 0) - beforeUs),
      until: steady?.until ?? 0,
    }),
    during: latenciesDuring(history, held),
    after: latenciesDuring(history, { from: held.until, until: whole.until }),
    firstBadMs: firstBad < 0 ? null : firstBad * 1_000,
    recoveryMs: recovery(seconds, healed, allowed),
    badCount: bad,
    budgetSpent: all === 0 ? 0 : bad / (allowed * all),
  };
};

type Tally = { bad: number; all: number };

const isBad = (one: Tally, allowed: number): boolean => one.bad > allowed * one.all;

/** One a second of the window. What was dropped unsent is bad in the second that dropped it. */
const badBySecond = (history: History, window: Window): readonly Tally[] => {
  const limitMs = strictestLimitMs(history);
  const length = Math.ceil((window.until - window.from) / second);
  const tallies = Array.from({ length }, (): Tally => ({ bad: 0, all: 0 }));
  const tallyAt = (at: Micros): Tally | undefined => tallies[Math.floor((at - window.from) / second)];
  for (const { due, outcome, responseMs } of loadRequests(history)) {
    const tally = tallyAt(due);
    if (tally === undefined) continue;
    tally.all += 1;
    if (outcome !== "ok" || responseMs > limitMs) tally.bad += 1;
  }
  for (const { at, dropped } of history.load) {
    const tally = tallyAt(at);
    if (tally === undefined) continue;
    tally.all += dropped;
    tally.bad += dropped;
  }
  return tallies;
};

const recovery = (seconds: readonly Tally[], healed: number, allowed: number): number | null => {
  for (let at = healed; at + goodSeconds <= seconds.length; at += 1)
    if (seconds.slice(at, at + goodSeconds).every((one) => !isBad(one, allowed)))
      return (at - healed) * 1_000;
  return null;
};

const latenciesDuring = (history: History, window: Window): LatencyFigures => {
  const samples: number[] = [];
  for (const { due, outcome, responseMs } of loadRequests(history))
    if (due >= window.from && due < window.until && outcome === "ok") samples.push(responseMs);
  return latencyFigures(samples);
};

/** Without an objective, no acknowledged request is too slow. */
export const strictestLimitMs = ({ run }: History): number =>
  (run?.objectives ?? []).reduce((least, one) => Math.min(least, one.limitMs), Number.POSITIVE_INFINITY);

const strictestQuantile = ({ run }: History): number => {
  const quantiles = (run?.objectives ?? []).map((one) => one.quantile);
  return quantiles.length === 0 ? usualObjective.quantile : Math.max(...quantiles);
};
