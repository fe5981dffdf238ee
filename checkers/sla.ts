/**
 * P20, in time: were requests answered as fast as the objectives ask? Figures and row verdicts are those of
 * `service-level`; here the hard rows decide.
 *
 * The verdict is about the store, so the load loop judges itself first. When it sent too late, stalled or dropped
 * arrivals, a breach that is gone once requests are measured from their real sending is the generator's: the verdict
 * is then inconclusive, with the reason. A lagging generator only makes requests look slower, so what is met stays
 * met.
 */
import { checkerOf } from "./checker.ts";
import type { History } from "./history/history.ts";
import { LatencyHistogram } from "./latency/histogram.ts";
import { loopStallMicrosMax } from "./load-loop.ts";
import { type ServiceRow, serviceRows } from "./service-level.ts";
import { type Anomaly, anomalyLimit, type Verdict, type VerdictType } from "./verdict.ts";

const name = "sla";
const properties = ["P20"] as const;

/** The load loop's own lag, as a share of the limit, above which its verdict is doubted. */
export const lagShareMax = 0.03;

export const sla = checkerOf({
  name,
  properties,
  check: (history): Verdict => {
    const rows = serviceRows(history);
    const hard = rows.filter((row) => row.hard);
    const excuse = generatorExcuse(history, hard);
    const excused = excuse === undefined ? [] : excusedRows(history, hard);
    const breached = hard.filter((row) => row.verdict === "breached" && !excused.includes(row));
    const undecided = hard.filter((row) => row.verdict === "inconclusive" || excused.includes(row));
    const type = typeOf({ hard, breached, undecided, rows });
    const summary = [
      summaryOf({ hard, breached, undecided, rows }),
      ...(type !== "passed" && excuse !== undefined ? [excuse] : []),
    ].join(" ");
    return {
      checker: name,
      properties,
      type,
      summary,
      anomalies: breached.slice(0, anomalyLimit).map(anomalyOf),
      anomalyCount: breached.length,
      metrics: metricsOf(rows),
      violations: { P20: breached.length },
    };
  },
});

type Rows = readonly ServiceRow[];
type Split = { readonly hard: Rows; readonly breached: Rows; readonly undecided: Rows; readonly rows: Rows };

const typeOf = ({ breached, undecided, rows }: Split): VerdictType => {
  if (breached.length > 0) return "breached";
  if (undecided.length > 0 || rows.length === 0) return "inconclusive";
  return "passed";
};

const summaryOf = ({ hard, breached, undecided, rows }: Split): string => {
  if (rows.length === 0) return "No request falls into a measured phase.";
  if (hard.length === 0) return "No objective is hard, so the figures are only measured.";
  const telling = breached.length > 0 ? breached : undecided.length > 0 ? undecided : hard;
  return `${telling.map(sentenceOf).join("; ")}.`;
};

const percent = (ratio: number): string => `${(100 * ratio).toFixed(3)} %`;

/** "p99.9 of get within 300 ms over the steady phases: proved, 2 of 12,431 bad (0.016 %, at most 0.051 %)" */
const sentenceOf = (row: ServiceRow): string => {
  const count = row.requestCount + row.droppedCount;
  const bad = Math.round(row.badRatio * count);
  return (
    `p${(row.quantile * 100).toFixed(3).replace(/\.?0+$/, "")} of ${row.operation} within ${row.limitMs} ms ` +
    `over the ${row.kind} phases: ${row.verdict}, ${bad} of ${count} bad (${percent(row.badRatio)}, ` +
    `with 95 % confidence between ${percent(row.badRatioLow)} and ${percent(row.badRatioHigh)})`
  );
};

const anomalyOf = (row: ServiceRow): Anomaly => ({
  type: "objective-missed",
  sentence: `${sentenceOf(row)}.`,
  story: [
    `${row.slowCount} were late, ${row.failCount} failed, ${row.infoCount} ended unknown, ${row.droppedCount} were dropped.`,
    `The error budget of these phases was spent ${row.budgetSpent.toFixed(1)} times.`,
  ],
  requests: [],
  writes: [],
});

/** One sentence when the load loop cannot be trusted; undefined when it kept its own bounds. */
const generatorExcuse = ({ requests, load, phases }: History, hard: Rows): string | undefined => {
  if (hard.length === 0) return undefined;
  const limit = Math.min(...hard.map(({ limitMs }) => limitMs)) * 1000;
  const measured = phases.filter(({ kind }) => hard.some((row) => row.kind === kind));
  const isMeasured = (at: number): boolean => measured.some(({ from, until }) => at >= from && at < until);
  const lags = new LatencyHistogram();
  for (let row = 0; row < requests.count; row++) {
    if (requests.isFinal(row) || !isMeasured(requests.intended(row))) continue;
    lags.record(Math.max(0, requests.sent(row) - requests.intended(row)));
  }
  const lag = lags.valueAt(0.999);
  if (lag > limit * lagShareMax) {
    const [shown, most] = [lag, limit * lagShareMax].map((micros) => (micros / 1000).toFixed(1));
    return `The load loop itself lagged: its p99.9 was ${shown} ms, where ${most} ms are allowed.`;
  }
  const health = load.filter(({ at }) => isMeasured(at));
  const stall = health.reduce((most, { loopStallUsMax }) => Math.max(most, loopStallUsMax), 0);
  if (stall > loopStallMicrosMax) return `The load loop itself stalled for ${(stall / 1000).toFixed(0)} ms.`;
  const dropped = health.reduce((sum, second) => sum + second.dropped, 0);
  return dropped > 0 ? `The load loop had no room for ${dropped} arrivals.` : undefined;
};

/** Rows that are breached only when the generator's own lag and drops are counted. */
const excusedRows = (history: History, hard: Rows): Rows => {
  const withoutLag = serviceRows({ ...history, load: [] }, "service").filter((row) => row.hard);
  return hard.filter((row, index) => row.verdict === "breached" && withoutLag[index]?.verdict !== "breached");
};

const metricsOf = (rows: Rows): Record<string, number | string> => {
  const metrics: Record<string, number | string> = {};
  for (const row of rows.filter(({ phase }) => phase === null)) {
    const label = `${row.kind} ${row.operation}`;
    metrics[`${label} verdict`] = row.verdict;
    metrics[`${label} bad ratio`] = row.badRatio;
    if (row.latencyMs.p999 !== null) metrics[`${label} p99.9 ms`] = row.latencyMs.p999;
  }
  return metrics;
};
