/**
 * Counts a history into the figures that the report draws: intervals for all requests and for each entry node, the
 * heat map, the distributions, and the requests that are shown one by one.
 */
import type { History } from "../../checkers/history/history.ts";
import { type IntervalTally, intervalsOf, loadEnd, tallyIntervals } from "../intervals.ts";
import { latencyFigures, quantileOf } from "../percentiles.ts";
import type { RunRecord } from "../run-record.ts";
import { busiestKeys } from "./busiest-keys.ts";
import { chosenRequests } from "./chosen-requests.ts";
import { intervalLimit, type NodeFigures, type RunFigures } from "./figures.ts";
import { latencyHeat } from "./latency-heat.ts";
import { nodeOperations } from "./node-operations.ts";
import { percentileCurves } from "./percentile-curves.ts";
import { requestsOf } from "./request-figures.ts";

/** The record names the anomalies whose requests are to be kept. */
export const figuresOfRun = (history: History, record: RunRecord): RunFigures => {
  const until = loadEnd(history);
  const widthUs = Math.max(1, Math.ceil(until / 1e6 / intervalLimit)) * 1e6;
  const tallies = tallyIntervals(history, widthUs);
  const operations = nodeOperations(history);

  return {
    until,
    intervals: intervalsOf(tallies),
    heat: latencyHeat(tallies.whole.map((tally) => tally.okMs)),
    curves: percentileCurves(history),
    nodes: [...tallies.byNode].flatMap(([node, own]) =>
      node < 0 ? [] : [nodeOf(history.nodes.name(node), own, operations.get(node) ?? [])],
    ),
    keys: busiestKeys(history),
    requests: requestsOf(history, record),
    explored: chosenRequests(history, record),
  };
};

const nodeOf = (
  node: string,
  tallies: readonly IntervalTally[],
  operations: NodeFigures["operations"],
): NodeFigures => {
  const ascending = tallies.map((tally) => Float64Array.from(tally.okMs).toSorted());
  return {
    node,
    okCount: tallies.reduce((sum, tally) => sum + tally.okMs.length, 0),
    badCount: tallies.reduce((sum, tally) => sum + tally.fail + tally.info, 0),
    slowCount: tallies.reduce((sum, tally) => sum + tally.slow, 0),
    latencyMs: latencyFigures(tallies.flatMap((tally) => tally.okMs)),
    operations,
    p50: ascending.map((one) => quantileOf(one, 0.5)),
    p90: ascending.map((one) => quantileOf(one, 0.9)),
    max: ascending.map((one) => one.at(-1) ?? null),
  };
};
