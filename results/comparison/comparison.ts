/**
 * Two runs side by side, as data: what was measured on both sides, and what a statistic says of the difference when
 * one was asked.
 *
 * A single run a side proves nothing about small differences: the run-to-run spread of p99 on a shared machine is
 * larger than most regressions. Rows made here therefore carry a ratio and no verdict; whoever ran pairs of runs
 * puts in the interval, the probability and the verdict, and the page shows them.
 */
import type { ServiceRow } from "../../checkers/service-level.ts";
import type { RunFigures } from "../report/figures.ts";
import type { RunRecord } from "../run-record.ts";
import type { PercentileBand } from "./percentile-band.ts";
import type { SelfTest } from "./self-tests.ts";
import type { Spread } from "./spread.ts";

export type Side = {
  /** "name/start", a revision, a bundle: what a person calls it. */
  readonly label: string;
  readonly record: RunRecord;
  readonly figures: RunFigures;
};

export type DifferenceVerdict = "regression" | "improvement" | "no change" | "inconclusive";

export type ComparedMetric = {
  readonly name: string;
  readonly unit: "ms" | "share" | "per second";
  readonly baseline: number | null;
  readonly candidate: number | null;
  /** Candidate over baseline; null where one of them is unknown or the baseline is zero. */
  readonly ratio: number | null;
  /** Of the ratio, with 90 % confidence. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** How likely such a difference is between equals. */
  readonly probability?: number;
  readonly verdict?: DifferenceVerdict;
  /** Whether the verdict of the whole rests on it, beside others; what does not is shown only. */
  readonly isDeciding?: boolean;
  /** The least ratio above one that this noise could have shown to be a regression; absent where none is known. */
  readonly smallestEffect?: number;
  /** Ratios of the single pairs, in the order in which they ran. */
  readonly pairs?: readonly number[];
};

export type Comparison = {
  readonly baseline: Side;
  readonly candidate: Side;
  /** How the two were measured, and what that allows to conclude: one or two sentences. */
  readonly method: string;
  /** Of the whole; absent when nothing was decided. */
  readonly verdict?: DifferenceVerdict;
  readonly metrics: readonly ComparedMetric[];
  /** Of the steady phases over pairs; absent where there are no pairs. */
  readonly bands?: readonly PercentileBand[];
  /** What a reader has to know before believing it, a sentence each. */
  readonly notes?: readonly string[];
  /** Of the latencies beside their median; it decides nothing. */
  readonly spreads?: readonly Spread[];
  /** What comparisons of equals said on this machine, the last one last. */
  readonly selfTests?: readonly SelfTest[];
};

export const singleRunsMethod =
  "One run a side, at different times: differences of a few percent are noise, and nothing is decided here.";

/** Two stored runs, as they are. */
export const compareRuns = (baseline: Side, candidate: Side): Comparison => ({
  baseline,
  candidate,
  method: singleRunsMethod,
  metrics: measuredMetrics(baseline.record, candidate.record),
});

/** Rate, then each operation in each kind of phase that both runs had. */
export const measuredMetrics = (baseline: RunRecord, candidate: RunRecord): readonly ComparedMetric[] => {
  const rows = baseline.service.flatMap((row) => {
    const like = candidate.service.find((one) => isLike(one, row));
    return row.phase === null && like !== undefined ? [{ row, like }] : [];
  });
  return [
    metric("achieved rate", "per second", baseline.generator.achievedRate, candidate.generator.achievedRate),
    ...rows.flatMap(({ row, like }) => {
      const name = `${row.operation}, ${row.kind} phases`;
      return [
        metric(`${name}: p50`, "ms", row.latencyMs.p50, like.latencyMs.p50),
        metric(`${name}: p99`, "ms", row.latencyMs.p99, like.latencyMs.p99),
        metric(`${name}: p99.9`, "ms", row.latencyMs.p999, like.latencyMs.p999),
        metric(`${name}: bad requests`, "share", row.badRatio, like.badRatio),
      ];
    }),
  ];
};

const isLike = (one: ServiceRow, other: ServiceRow): boolean =>
  one.operation === other.operation && one.kind === other.kind && one.phase === other.phase;

const metric = (
  name: string,
  unit: ComparedMetric["unit"],
  baseline: number | null,
  candidate: number | null,
): ComparedMetric => ({
  name,
  unit,
  baseline,
  candidate,
  ratio: baseline === null || candidate === null || baseline === 0 ? null : candidate / baseline,
});
