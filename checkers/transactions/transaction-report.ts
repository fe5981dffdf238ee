/**
 * From what an analysis found to a verdict on what was promised. An anomaly that the promised models allow is told
 * and does not break the promise. Oddities of the input, or a graph in which nothing depends on anything, leave a
 * history without violation inconclusive.
 */
import type { CycleReport } from "../graph/cycle-analysis.ts";
import {
  anomaliesForbidden,
  type Compatibility,
  compatibilityOf,
  type Expectation,
  expectationProblem,
} from "../models/compatibility.ts";
import { type Anomaly, anomalyLimit, type Verdict, type VerdictType } from "../verdict.ts";
import type { AnomalyList } from "./anomaly-list.ts";
import { countText } from "./notes.ts";
import type { TransactionIntake } from "./transaction-intake.ts";

export type TransactionReport = {
  readonly verdict: Verdict;
  /** Every anomaly found, expected or not, and how often. */
  readonly found: ReadonlyMap<string, number>;
  /** Those of them that break the expectation. */
  readonly broken: readonly string[];
  /** No transaction depends on another by what it read or wrote. */
  readonly isUnrelated: boolean;
  readonly compatibility: Compatibility;
};

export const strictSerializable: Expectation = { models: ["strict-serializable"], anomalies: [] };

type Findings = {
  readonly name: string;
  readonly intake: TransactionIntake;
  readonly anomalies: AnomalyList;
  readonly cycles: CycleReport;
  /** Edges of the data alone. */
  readonly dependencyCount: number;
  readonly expectation: Expectation;
};

export const reportOn = (findings: Findings): TransactionReport => {
  const { anomalies, dependencyCount, expectation } = findings;
  const found = anomalies.counts;
  const forbidden = anomaliesForbidden(expectation);
  const broken = [...found.keys()].filter((type) => forbidden.has(type));
  const compatibility = compatibilityOf(found.keys());
  const isUnrelated = dependencyCount === 0;
  const shown = clearestFirst(anomalies.kept.filter(({ type }) => forbidden.has(type)));
  const reasons = doubts(findings, isUnrelated);
  const type: VerdictType = broken.length > 0 ? "violated" : reasons.length > 0 ? "inconclusive" : "passed";
  const verdict: Verdict = {
    checker: findings.name,
    properties: expectation.models,
    type,
    summary: summaryOf(findings, broken, reasons),
    anomalies: shown.slice(0, anomalyLimit),
    anomalyCount: broken.reduce((sum, name) => sum + (found.get(name) ?? 0), 0),
    metrics: metricsOf(findings, compatibility),
  };
  return { verdict, found, broken, isUnrelated, compatibility };
};

/** One of each type before a second of any; shorter stories before longer ones. */
const clearestFirst = (anomalies: readonly Anomaly[]): readonly Anomaly[] => {
  const rank = new Map<Anomaly, number>();
  const seen = new Map<string, number>();
  for (const anomaly of anomalies.toSorted((a, b) => a.story.length - b.story.length)) {
    const place = seen.get(anomaly.type) ?? 0;
    seen.set(anomaly.type, place + 1);
    rank.set(anomaly, place);
  }
  return anomalies.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
};

const doubts = ({ intake, cycles, expectation }: Findings, isUnrelated: boolean): readonly string[] => {
  const reasons: string[] = [];
  const problem = expectationProblem(expectation);
  if (problem !== undefined) reasons.push(problem);
  if (intake.notes.count > 0) reasons.push(intake.notes.text());
  if (intake.log.count === 0) reasons.push("the history holds no transaction");
  else if (isUnrelated) reasons.push("no transaction depends on another, so nothing was tested");
  if (!cycles.isComplete) reasons.push("a component was too large to look for G-single in all of it");
  return reasons;
};

const summaryOf = (
  { intake, anomalies, expectation }: Findings,
  broken: readonly string[],
  reasons: readonly string[],
): string => {
  const promise = [...expectation.models, ...expectation.anomalies.map((name) => `no ${name}`)].join(", ");
  const size = `${countText(intake.log.count)} transactions`;
  const told = broken.map((name) => `${name} (${anomalies.counts.get(name) ?? 0})`).join(", ");
  const doubt = reasons.length > 0 ? `; ${reasons.join("; ")}` : "";
  if (broken.length > 0) return `Not ${promise}: ${told} in ${size}${doubt}.`;
  if (reasons.length > 0) return `Cannot tell whether ${promise}: ${reasons.join("; ")}; ${size}.`;
  return `${size} are compatible with ${promise}.`;
};

const metricsOf = (
  { intake, anomalies, cycles, dependencyCount }: Findings,
  compatibility: Compatibility,
): Readonly<Record<string, number | string>> => ({
  transactions: intake.log.count,
  dependencies: dependencyCount,
  components: cycles.componentCount,
  largestComponent: cycles.largestComponent,
  anomalies: [...anomalies.counts].map(([type, count]) => `${type} ${count}`).join(", ") || "none",
  ruledOut: compatibility.ruledOut.join(", ") || "none",
  compatibleWith: compatibility.strongest.join(", ") || "none",
});
