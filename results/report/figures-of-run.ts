/**
 * Counts a history into the figures that the report draws: one pass over the requests into intervals, one over
 * each interval's samples.
 */
import type { Micros } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import { strictestLimitMs } from "../fault-effects.ts";
import { quantileOf } from "../percentiles.ts";
import type { RunRecord } from "../run-record.ts";
import {
  type IntervalFigures,
  intervalLimit,
  type LatencyHeat,
  type NodeFigures,
  type RunFigures,
} from "./figures.ts";
import { percentileCurves } from "./percentile-curves.ts";
import { requestsOf } from "./request-figures.ts";

/** The record names the anomalies whose requests are to be kept. */
export const figuresOfRun = (history: History, record: RunRecord): RunFigures => {
  const until = loadEnd(history);
  const widthUs = Math.max(1, Math.ceil(until / 1e6 / intervalLimit)) * 1e6;
  const samples = samplesByInterval(history, Math.ceil(until / widthUs), widthUs);

  return {
    until,
    intervals: samples.map((one, index) =>
      intervalOf(one, { from: index * widthUs, until: (index + 1) * widthUs }),
    ),
    heat: heatOf(samples),
    curves: percentileCurves(history),
    nodes: (history.run?.nodes ?? []).map((node) =>
      nodeOf(history, node, { count: samples.length, widthUs }),
    ),
    requests: requestsOf(history, record),
  };
};

/** Where the load ends: the last phase, or the last request that was due when the phases are unknown. */
const loadEnd = ({ phases, requests }: History): Micros => {
  const planned = phases.reduce((last, phase) => Math.max(last, phase.until), 0);
  if (planned > 0) return planned;
  let last = 1e6;
  for (let row = 0; row < requests.count; row += 1)
    if (!requests.isFinal(row)) last = Math.max(last, requests.intended(row) + 1);
  return last;
};

type Samples = {
  ok: number[];
  slow: number;
  fail: number;
  info: number;
  dropped: number;
  lagUs: number | null;
  stallUs: number | null;
};

const samplesByInterval = (history: History, length: number, widthUs: Micros): readonly Samples[] => {
  const { requests } = history;
  const limitMs = strictestLimitMs(history);
  const all = Array.from(
    { length },
    (): Samples => ({ ok: [], slow: 0, fail: 0, info: 0, dropped: 0, lagUs: null, stallUs: null }),
  );
  for (let row = 0; row < requests.count; row += 1) {
    const interval = all[Math.floor(requests.intended(row) / widthUs)];
    if (interval === undefined || requests.isFinal(row)) continue;
    interval.lagUs = Math.max(interval.lagUs ?? 0, requests.sent(row) - requests.intended(row));
    const outcome = requests.outcome(row);
    if (outcome !== "ok") {
      interval[outcome] += 1;
      continue;
    }
    const ms = (requests.done(row) - requests.intended(row)) / 1_000;
    interval.ok.push(ms);
    if (ms > limitMs) interval.slow += 1;
  }
  for (const second of history.load) {
    const interval = all[Math.floor(Math.max(0, second.at - 1) / widthUs)];
    if (interval === undefined) continue;
    interval.dropped += second.dropped;
    interval.stallUs = Math.max(interval.stallUs ?? 0, second.loopStallUsMax);
  }
  return all;
};

const intervalOf = (
  one: Samples,
  bounds: { readonly from: Micros; readonly until: Micros },
): IntervalFigures => {
  const ascending = Float64Array.from(one.ok).toSorted();
  return {
    ...bounds,
    okCount: one.ok.length,
    slowCount: one.slow,
    failCount: one.fail,
    infoCount: one.info,
    droppedCount: one.dropped,
    p50: quantileOf(ascending, 0.5),
    p99: quantileOf(ascending, 0.99),
    p999: quantileOf(ascending, 0.999),
    max: ascending.at(-1) ?? null,
    lagMsMax: one.lagUs === null ? null : one.lagUs / 1_000,
    loopStallMsMax: one.stallUs === null ? null : one.stallUs / 1_000,
  };
};

/** Twelve rows a decade, from 0.1 ms to 100 s; what is faster or slower lies in the first or last row. */
const rowsPerDecade = 12;
const heatEdgesMs = Array.from(
  { length: 6 * rowsPerDecade + 1 },
  (_, row) => 0.1 * 10 ** (row / rowsPerDecade),
);

const heatOf = (samples: readonly Samples[]): LatencyHeat => ({
  edgesMs: heatEdgesMs,
  columns: samples.map((one) => {
    const counts = Array.from({ length: heatEdgesMs.length - 1 }, () => 0);
    for (const ms of one.ok) {
      const row = Math.floor(Math.log10(Math.max(ms, 0.1) / 0.1) * rowsPerDecade);
      const inside = Math.min(counts.length - 1, Math.max(0, row));
      counts[inside] = (counts[inside] ?? 0) + 1;
    }
    return counts;
  }),
});

const nodeOf = (
  history: History,
  node: string,
  intervals: { readonly count: number; readonly widthUs: Micros },
): NodeFigures => {
  const { requests } = history;
  const number = history.nodes.find(node);
  const samples = Array.from({ length: intervals.count }, (): number[] => []);
  let bad = 0;
  for (let row = 0; row < requests.count; row += 1) {
    if (requests.entry(row) !== number || requests.isFinal(row)) continue;
    if (requests.outcome(row) !== "ok") bad += 1;
    else
      samples[Math.floor(requests.intended(row) / intervals.widthUs)]?.push(
        (requests.done(row) - requests.intended(row)) / 1_000,
      );
  }
  const ascending = samples.map((one) => Float64Array.from(one).toSorted());

  return {
    node,
    okCount: samples.reduce((sum, one) => sum + one.length, 0),
    badCount: bad,
    p50: ascending.map((one) => quantileOf(one, 0.5)),
    p90: ascending.map((one) => quantileOf(one, 0.9)),
    max: ascending.map((one) => one.at(-1) ?? null),
  };
};
