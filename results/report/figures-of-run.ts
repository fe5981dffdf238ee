/**
 * Counts a history into the figures that the report draws: one pass over the requests into intervals, for all of
 * them and for each entry node.
 */
import type { Micros } from "../../checkers/history/event.ts";
import type { History } from "../../checkers/history/history.ts";
import { strictestLimitMs } from "../fault-effects.ts";
import { type LoadRequest, loadRequests } from "../load-requests.ts";
import { quantileOf } from "../percentiles.ts";
import type { RunRecord } from "../run-record.ts";
import { type IntervalFigures, intervalLimit, type NodeFigures, type RunFigures } from "./figures.ts";
import { latencyHeat } from "./latency-heat.ts";
import { percentileCurves } from "./percentile-curves.ts";
import { requestsOf } from "./request-figures.ts";

/** The record names the anomalies whose requests are to be kept. */
export const figuresOfRun = (history: History, record: RunRecord): RunFigures => {
  const until = loadEnd(history);
  const widthUs = Math.max(1, Math.ceil(until / 1e6 / intervalLimit)) * 1e6;
  const length = Math.ceil(until / widthUs);
  const whole = emptyTallies(length);
  const byNode = new Map(
    (history.run?.nodes ?? []).map((node) => [history.nodes.find(node), emptyTallies(length)]),
  );
  const limitMs = strictestLimitMs(history);
  for (const request of loadRequests(history)) {
    const index = Math.floor(request.due / widthUs);
    count(whole[index], request, limitMs);
    count(byNode.get(history.requests.entry(request.row))?.[index], request, limitMs);
  }
  for (const { at, dropped, loopStallUsMax } of history.load) {
    const tally = whole[Math.floor(Math.max(0, at - 1) / widthUs)];
    if (tally === undefined) continue;
    tally.dropped += dropped;
    tally.stallMs = Math.max(tally.stallMs ?? 0, loopStallUsMax / 1_000);
  }

  return {
    until,
    intervals: whole.map((tally, index) =>
      intervalOf(tally, { from: index * widthUs, until: (index + 1) * widthUs }),
    ),
    heat: latencyHeat(whole.map((tally) => tally.okMs)),
    curves: percentileCurves(history),
    nodes: [...byNode].flatMap(([node, tallies]) =>
      node < 0 ? [] : [nodeOf(history.nodes.name(node), tallies)],
    ),
    requests: requestsOf(history, record),
  };
};

/** Where the load ends: the last phase, or the last request that was due when the phases are unknown. */
const loadEnd = (history: History): Micros => {
  const planned = history.phases.reduce((last, phase) => Math.max(last, phase.until), 0);
  if (planned > 0) return planned;
  let last = 1e6;
  for (const { due } of loadRequests(history)) last = Math.max(last, due + 1);
  return last;
};

type Tally = {
  readonly okMs: number[];
  slow: number;
  fail: number;
  info: number;
  dropped: number;
  lagMs: number | null;
  stallMs: number | null;
};

const emptyTallies = (length: number): readonly Tally[] =>
  Array.from({ length }, () => ({
    okMs: [],
    slow: 0,
    fail: 0,
    info: 0,
    dropped: 0,
    lagMs: null,
    stallMs: null,
  }));

const count = (tally: Tally | undefined, request: LoadRequest, limitMs: number): void => {
  if (tally === undefined) return;
  tally.lagMs = Math.max(tally.lagMs ?? 0, request.lagMs);
  if (request.outcome === "ok") {
    tally.okMs.push(request.responseMs);
    if (request.responseMs > limitMs) tally.slow += 1;
  } else tally[request.outcome] += 1;
};

const intervalOf = (
  tally: Tally,
  bounds: { readonly from: Micros; readonly until: Micros },
): IntervalFigures => {
  const ascending = Float64Array.from(tally.okMs).toSorted();
  return {
    ...bounds,
    okCount: tally.okMs.length,
    slowCount: tally.slow,
    failCount: tally.fail,
    infoCount: tally.info,
    droppedCount: tally.dropped,
    p50: quantileOf(ascending, 0.5),
    p99: quantileOf(ascending, 0.99),
    p999: quantileOf(ascending, 0.999),
    max: ascending.at(-1) ?? null,
    lagMsMax: tally.lagMs,
    loopStallMsMax: tally.stallMs,
  };
};

const nodeOf = (node: string, tallies: readonly Tally[]): NodeFigures => {
  const ascending = tallies.map((tally) => Float64Array.from(tally.okMs).toSorted());
  return {
    node,
    okCount: tallies.reduce((sum, tally) => sum + tally.okMs.length, 0),
    badCount: tallies.reduce((sum, tally) => sum + tally.fail + tally.info, 0),
    p50: ascending.map((one) => quantileOf(one, 0.5)),
    p90: ascending.map((one) => quantileOf(one, 0.9)),
    max: ascending.map((one) => one.at(-1) ?? null),
  };
};
