/**
 * How the service was, in figures: one row an operation and phase, and one for all phases of a kind together.
 *
 * Good is acknowledged within the limit, measured from the moment the request was intended; late, failed, unknown
 * and dropped are bad, and counted exactly: no bucket decides. Phases are fixed before the run. Warm-up, settling
 * and final reads are not measured.
 *
 * The verdict of a row: breached when even the exact lower bound of the bad rate is over the objective; proved when
 * the greater of the exact and the bootstrap upper bound is within it; met when the measured rate is within it and
 * there were requests enough to prove a perfect one; else inconclusive.
 */
import type { PhaseKind } from "./history/event.ts";
import { bootstrapUpperBound } from "./latency/block-bootstrap.ts";
import { lowerBound, provingCount, upperBound } from "./latency/clopper-pearson.ts";
import type { LatencyHistogram } from "./latency/histogram.ts";
import {
  type Measure,
  type Operation,
  phaseTallies,
  type ServiceEvidence,
  Tally,
  type Target,
} from "./service-tally.ts";

export type ServiceVerdict = "proved" | "met" | "inconclusive" | "breached";

/** Milliseconds; null where fewer than three requests lie beyond the percentile. */
export type LatencyFigures = {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
};

export type ServiceRow = {
  readonly operation: Operation;
  readonly kind: PhaseKind;
  /** Null: all phases of `kind` together. */
  readonly phase: string | null;
  readonly fault?: string;
  readonly requestCount: number;
  readonly okCount: number;
  /** Acknowledged, and later than the limit. */
  readonly slowCount: number;
  readonly failCount: number;
  readonly infoCount: number;
  /** Arrivals that the load loop had no room for. It cannot say what they would have asked, so every row counts them. */
  readonly droppedCount: number;
  readonly quantile: number;
  readonly limitMs: number;
  /** Bad of all, dropped ones included; each bound holds with 95 % confidence. */
  readonly badRatio: number;
  readonly badRatioLow: number;
  readonly badRatioHigh: number;
  /** Bad requests as a multiple of those that the objective allows among so many. */
  readonly budgetSpent: number;
  /** Of acknowledged requests, from their intended start. */
  readonly latencyMs: LatencyFigures;
  readonly verdict: ServiceVerdict;
  /** An objective of the run names this row as hard: it decides the run. Only rows of all phases together can be. */
  readonly hard: boolean;
};

/** What is measured where no objective says otherwise. */
export const usualObjective = { quantile: 0.999, limitMs: 300 } as const;

const operations: readonly Operation[] = ["get", "put", "delete", "any"];
const measuredKinds: readonly PhaseKind[] = ["steady", "fault", "recovery"];

/** In the order of kinds, operations and phases; all phases together come first. Rows of nothing are left out. */
export const serviceRows = (
  history: ServiceEvidence,
  measure: Measure = "response",
): readonly ServiceRow[] => {
  const targets = measuredKinds.flatMap((kind) =>
    operations.flatMap((operation) => targetsOf(history, operation, kind)),
  );
  const tallies = phaseTallies(history, targets, measure);
  return targets.flatMap((target) => {
    const parts = tallies.filter((part) => part.target === target && part.tally.requests > 0);
    if (parts.length === 0) return [];
    const whole = new Tally();
    for (const { tally } of parts) whole.include(tally);
    const soft = { ...target, hard: false };
    return [
      rowOf(history, whole, target, { phase: null }),
      ...parts.map(({ tally, phase: { name, fault } }) =>
        rowOf(history, tally, soft, fault === undefined ? { phase: name } : { phase: name, fault }),
      ),
    ];
  });
};

/** The objectives for exactly this, else one that is only measured, with the figures of the kind's or run's first. */
const targetsOf = ({ run }: ServiceEvidence, operation: Operation, kind: PhaseKind): readonly Target[] => {
  const objectives = run?.objectives ?? [];
  const exact = objectives.filter((one) => one.phase === kind && one.operation === operation);
  if (exact.length > 0) return exact;
  const like = objectives.find(({ phase }) => phase === kind) ?? objectives[0];
  return [{ ...usualObjective, ...like, operation, phase: kind, hard: false }];
};

const rowOf = (
  { run }: ServiceEvidence,
  { requests, slow, dropped, outcomes, bad, latencies, blocks }: Tally,
  { operation, phase: kind, quantile, limitMs, hard }: Target,
  place: { readonly phase: string | null; readonly fault?: string },
): ServiceRow => {
  const count = requests + dropped;
  const allowed = allowedBy(quantile);
  const { ratio, low, high } = boundsOf({ bad, count, blocks, seed: run?.seed ?? 0 });
  return {
    operation,
    kind,
    ...place,
    requestCount: requests,
    okCount: outcomes.ok,
    slowCount: slow,
    failCount: outcomes.fail,
    infoCount: outcomes.info,
    droppedCount: dropped,
    quantile,
    limitMs,
    badRatio: ratio,
    badRatioLow: low,
    badRatioHigh: high,
    budgetSpent: ratio / allowed,
    latencyMs: figuresOf(latencies),
    verdict: verdictOf({ ratio, low, high, count, allowed }),
    hard,
  };
};

/** The rate of bad requests that an objective allows, without what a subtraction leaves in the last digits. */
export const allowedBy = (share: number): number => Math.round((1 - share) * 1e9) / 1e9;

/** The measured rate of bad requests and its bounds, each with 95 % confidence. */
export type Bounds = {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
};

/** `count` includes what was dropped; of no request at all nothing is known. */
export const boundsOf = ({
  bad,
  count,
  blocks,
  seed,
}: {
  readonly bad: number;
  readonly count: number;
  readonly blocks: Tally["blocks"];
  readonly seed: number;
}): Bounds => ({
  ratio: count === 0 ? 0 : bad / count,
  low: lowerBound(bad, count),
  high: Math.max(upperBound(bad, count), bootstrapUpperBound(blocks, seed)),
  count,
});

/** What these bounds say of an objective that allows a rate of `allowed`. */
export const verdictOf = ({
  ratio,
  low,
  high,
  count,
  allowed,
}: Bounds & {
  readonly allowed: number;
}): ServiceVerdict => {
  if (low > allowed) return "breached";
  if (high <= allowed) return "proved";
  return ratio <= allowed && count >= provingCount(allowed) ? "met" : "inconclusive";
};

/** A percentile is null where fewer than three requests lie beyond it. */
export const figuresOf = (latencies: LatencyHistogram): LatencyFigures => {
  const at = (quantile: number): number | null =>
    latencies.count * (1 - quantile) < 3 - 1e-6 ? null : latencies.valueAt(quantile) / 1000;
  const max = latencies.count === 0 ? null : latencies.max / 1000;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max };
};
