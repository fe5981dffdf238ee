/**
 * What a generator's run says: rates, the three measures, the service levels with and without the generator's own lag,
 * and whether the generator can be believed at all. One that cannot makes the measurement inconclusive, whatever the
 * figures: they are what it was asked for.
 */

import {
  type GeneratorFigures,
  generatorDoubts,
  generatorFigures,
} from "../../checkers/generator-fitness.ts";
import type { LoadHealth, MachineHealth, Phase } from "../../checkers/history/event.ts";
import { LatencyHistogram } from "../../checkers/latency/histogram.ts";
import { type SlaRow, slaRows } from "../../checkers/objectives/evaluation.ts";
import type { SlaExpression } from "../../checkers/objectives/expression.ts";
import { usualObjective } from "../../checkers/service-level.ts";
import type { VerdictType } from "../../checkers/verdict.ts";
import type { SampleLog } from "./sample-log.ts";

/** Milliseconds. */
export type Percentiles = {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
};

export type Measurement = {
  readonly verdict: VerdictType;
  /** Why the generator cannot be believed, a sentence each. */
  readonly doubts: readonly string[];
  /** Requests per second: what the schedule wanted, and what was sent. */
  readonly offeredRate: number;
  readonly achievedRate: number;
  readonly okRate: number;
  readonly counts: {
    readonly requestCount: number;
    readonly okCount: number;
    readonly failCount: number;
    readonly infoCount: number;
    readonly droppedCount: number;
  };
  /** From the intended start, of what was acknowledged. */
  readonly response: Percentiles;
  /** From the sending, of what was acknowledged. */
  readonly service: Percentiles;
  /** From the intended start to the sending. */
  readonly lag: Percentiles;
  readonly sla: readonly (SlaRow & { readonly verdictWithoutLag: SlaRow["verdict"] })[];
  readonly generator: GeneratorFigures;
};

/** Of the rate that the schedule asks for, what must have been sent. */
export const achievedShareMin = 0.995;

export type Measured = {
  readonly log: SampleLog;
  readonly health: readonly LoadHealth[];
  readonly machine: readonly MachineHealth[];
  readonly warmUpUs: number;
  readonly durationUs: number;
  readonly seed: number;
  /** Names of the entrances. */
  readonly nodes: readonly string[];
  readonly expressions: readonly SlaExpression[];
};

export function measurementOf(given: Measured): Measurement {
  const { log, health, machine, warmUpUs, durationUs, expressions } = given;
  const phases: readonly Phase[] = [
    { name: "warm-up", kind: "warm-up", from: 0, until: warmUpUs },
    { name: "steady", kind: "steady", from: warmUpUs, until: durationUs },
  ];
  const evidence = { ...log.evidence({ ...given, load: health, phases }), machine, faults: [] };
  const tally = tallyOf(log, warmUpUs);
  const generator = generatorFigures(evidence, ({ kind }) => kind === "steady");
  const withLag = slaRows(evidence, expressions);
  const withoutLag = slaRows(evidence, expressions, "service");
  const sla = withLag.map((row, index) => ({
    ...row,
    verdictWithoutLag: withoutLag[index]?.verdict ?? row.verdict,
  }));
  const limits = expressions.flatMap((one) => (one.type === "latency" ? [one.limitMs] : []));
  const doubts = [
    ...generatorDoubts(generator, limits.length === 0 ? usualObjective.limitMs : Math.min(...limits)),
    ...rateDoubts(tally),
  ];
  return { verdict: verdictOf(sla, doubts), doubts, ...tally, sla, generator };
}

const rateDoubts = ({ offeredRate, achievedRate }: Pick<Measurement, "offeredRate" | "achievedRate">) =>
  achievedRate >= achievedShareMin * offeredRate
    ? []
    : [
        `it sent ${achievedRate.toFixed(0)} requests a second, where ${offeredRate.toFixed(0)} were to be sent`,
      ];

const verdictOf = (sla: readonly SlaRow[], doubts: readonly string[]): VerdictType => {
  if (doubts.length > 0 || sla.some(({ verdict }) => verdict === "inconclusive"))
    return sla.some(({ verdict }) => verdict === "breached") && doubts.length === 0
      ? "breached"
      : "inconclusive";
  return sla.some(({ verdict }) => verdict === "breached") ? "breached" : "passed";
};

type Tally = Omit<Measurement, "verdict" | "doubts" | "sla" | "generator">;

function tallyOf(log: SampleLog, warmUpUs: number): Tally {
  const counts = { requestCount: 0, okCount: 0, failCount: 0, infoCount: 0, droppedCount: 0 };
  const [response, service, lag] = [new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram()];
  const { intended } = log.schedule;
  let sentCount = 0;
  let firstDue = Number.NaN;
  let lastDue = 0;
  let lastSent = 0;
  for (let row = 0; row < log.count; row++) {
    const due = intended[row] ?? 0;
    if (due < warmUpUs) continue;
    if (Number.isNaN(firstDue)) firstDue = due;
    lastDue = due;
    counts.requestCount += 1;
    const ending = log.ending(row);
    if (ending === "dropped") counts.droppedCount += 1;
    else if (ending === "ok") counts.okCount += 1;
    else if (ending === "info" || ending === "open") counts.infoCount += 1;
    else counts.failCount += 1;
    const sent = log.sentAt(row);
    if (Number.isNaN(sent)) continue;
    sentCount += 1;
    lastSent = Math.max(lastSent, sent);
    lag.record(Math.max(0, sent - due));
    if (ending !== "ok") continue;
    response.record(log.doneAt(row) - Math.min(due, sent));
    service.record(log.doneAt(row) - sent);
  }
  const seconds = (until: number): number => Math.max(1e-6, (until - firstDue) / 1e6);
  // What was dropped was due and known at its time; only what was never come to, or came late, is missing.
  const handled = sentCount + counts.droppedCount;
  return {
    counts,
    offeredRate: counts.requestCount / seconds(lastDue),
    achievedRate: handled / seconds(Math.max(lastDue, lastSent)),
    okRate: counts.okCount / seconds(Math.max(lastDue, lastSent)),
    response: percentilesOf(response),
    service: percentilesOf(service),
    lag: percentilesOf(lag),
  };
}

const percentilesOf = (histogram: LatencyHistogram): Percentiles => ({
  p50: histogram.valueAt(0.5) / 1000,
  p90: histogram.valueAt(0.9) / 1000,
  p99: histogram.valueAt(0.99) / 1000,
  p999: histogram.valueAt(0.999) / 1000,
  max: histogram.max / 1000,
});
