/**
 * What a checker gathers on its way, and the verdict that follows from it.
 *
 * Anomalies are counted all and told only up to a limit, since telling one costs more than finding it. Doubts are
 * reasons why an absence of anomalies proves nothing. Whether an anomaly is a violation is decided by the grade of
 * its property, in one place, for all checkers; what a fault explains is a measure, whatever the grade.
 */
import { type AnomalyType, type Property, propertyOf } from "./anomalies/catalog.ts";
import type { History } from "./history/history.ts";
import { classOf, gradeOf } from "./promises.ts";
import { type Anomaly, anomalyLimit, type Verdict, type VerdictType } from "./verdict.ts";

/** An anomaly without its name, which `Findings.found` is given beside it. */
export type Told = Omit<Anomaly, "type">;

export class Findings {
  readonly #told: Anomaly[] = [];
  readonly #counts = new Map<AnomalyType, number>();
  /** Those among `#counts` that a fault explains. */
  readonly #excused = new Map<AnomalyType, number>();
  readonly #doubts: string[] = [];

  /** `tell` is called only while anomalies of this name are few. One that is excused is counted, and decides nothing. */
  found(type: AnomalyType, tell: () => Told, isExcused = false): void {
    const count = this.count(type) + 1;
    this.#counts.set(type, count);
    if (isExcused) this.#excused.set(type, (this.#excused.get(type) ?? 0) + 1);
    if (count <= anomalyLimit) this.#told.push({ type, ...tell() });
  }

  /** A reason, one sentence, why nothing found is not nothing wrong. */
  doubt(reason: string): void {
    this.#doubts.push(reason);
  }

  count(type: AnomalyType): number {
    return this.#counts.get(type) ?? 0;
  }

  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  excusedTotal(): number {
    return [...this.#excused.values()].reduce((sum, count) => sum + count, 0);
  }

  doubts(): readonly string[] {
    return this.#doubts;
  }

  anomalies(): readonly Anomaly[] {
    return this.#told.slice(0, anomalyLimit);
  }

  /** Property -> anomalies that break it, and those of them that nothing excuses. */
  countsByProperty(): ReadonlyMap<Property, { readonly count: number; readonly unexcused: number }> {
    const counts = new Map<Property, { readonly count: number; readonly unexcused: number }>();
    for (const [type, found] of this.#counts) {
      const property = propertyOf(type);
      const { count, unexcused } = counts.get(property) ?? { count: 0, unexcused: 0 };
      const more = found - (this.#excused.get(type) ?? 0);
      counts.set(property, { count: count + found, unexcused: unexcused + more });
    }
    return counts;
  }
}

export type Conclusion = {
  readonly checker: string;
  readonly properties: readonly Property[];
  readonly findings: Findings;
  /** "0 of 12,431 acknowledged writes lost": with the numbers, without a full stop. */
  readonly summary: string;
  readonly metrics: Readonly<Record<string, number | string>>;
};

/**
 * Violated when a property that counts is broken; else inconclusive when there is a doubt about one that counts;
 * else passed. What is only measured decides nothing, found or not.
 */
export const concluded = (history: History, conclusion: Conclusion): Verdict => {
  const { checker, findings, metrics } = conclusion;
  const broken = [...findings.countsByProperty()];
  const graded = broken.map(([property, { unexcused }]) => ({
    grade: unexcused > 0 ? gradeOf(history, property) : "metric",
  }));
  const counting = graded.filter(({ grade }) => grade !== "metric");
  const isPromised = conclusion.properties.some((property) => gradeOf(history, property) !== "metric");
  const isDoubtful = isPromised && findings.doubts().length > 0;
  const type: VerdictType = counting.length > 0 ? "violated" : isDoubtful ? "inconclusive" : "passed";
  const isExpected = graded.length > 0 && graded.every(({ grade }) => grade !== "hard");
  const excused = findings.excusedTotal();
  const notes = [
    ...(excused > 0 ? [`${counted(excused)} of them may come from what a fault took from a disk.`] : []),
    ...(isExpected && findings.total() > excused ? [expectation(history)] : []),
    ...(type === "violated" ? [] : findings.doubts()),
  ];
  return {
    checker,
    properties: conclusion.properties,
    type,
    summary: [`${conclusion.summary}.`, ...notes].join(" "),
    anomalies: findings.anomalies(),
    anomalyCount: findings.total(),
    metrics,
    violations: Object.fromEntries(broken.map(([property, { count }]) => [property, count])),
    ...(isExpected ? { expected: true } : {}),
  };
};

const expectation = (history: History): string => {
  const configuration = classOf(history);
  return configuration === undefined
    ? "Expected of this configuration."
    : `Expected of this configuration (${configuration.name}: ${configuration.because}).`;
};

const digits = new Intl.NumberFormat("en-US");

/** 12431 -> "12,431". */
export const counted = (count: number): string => digits.format(count);
