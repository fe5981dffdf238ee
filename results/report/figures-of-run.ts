/**
 * Counts a history into the figures that the report draws: intervals for all requests, the heat map, the
 * distributions, each operation by node, and the requests that are shown one by one.
 */
import type { History } from "../../checkers/history/history.ts";
import { intervalsOf, loadEnd, tallyIntervals } from "../intervals.ts";
import type { RunRecord } from "../run-record.ts";
import { busiestKeys } from "./busiest-keys.ts";
import { chosenRequests } from "./chosen-requests.ts";
import { intervalLimit, type RunFigures } from "./figures.ts";
import { latencyHeat } from "./latency-heat.ts";
import { nodeFigures, panelWidth } from "./node-operations.ts";
import { percentileCurves } from "./percentile-curves.ts";
import { requestsOf } from "./request-figures.ts";

/** The record names the anomalies whose requests are to be kept. */
export const figuresOfRun = (history: History, record: RunRecord): RunFigures => {
  const until = loadEnd(history);
  const widthUs = Math.max(1, Math.ceil(until / 1e6 / intervalLimit)) * 1e6;
  const tallies = tallyIntervals(history, widthUs);
  const panelUs = panelWidth(history, until);

  return {
    until,
    intervals: intervalsOf(tallies),
    heat: latencyHeat(tallies.intervals.map((tally) => tally.okMs)),
    curves: percentileCurves(history),
    nodes: nodeFigures(history, { until, widthUs: panelUs }),
    panelUs,
    keys: busiestKeys(history),
    requests: requestsOf(history, record),
    explored: chosenRequests(history, record),
  };
};
