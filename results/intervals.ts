/**
 * A run cut into intervals of equal length: how its requests ended, how long they took, and how the load generator
 * itself did, in one pass over the requests.
 *
 * A request belongs to the interval in which it was due; only `answeredCount` counts by the moment of completion,
 * so that a stall shows as a hole in the answers with a burst behind it.
 */
import type { Micros } from "../checkers/history/event.ts";
import type { History } from "../checkers/history/history.ts";
import { strictestLimitMs } from "./fault-effects.ts";
import { type LoadRequest, loadRequests } from "./load-requests.ts";
import { quantileOf } from "./percentiles.ts";

/** The requests that were meant to be sent between `from` and `until`. */
export type IntervalFigures = {
  readonly from: Micros;
  readonly until: Micros;
  readonly okCount: number;
  /** Of `okCount`: later than the strictest limit of the run's objectives. */
  readonly slowCount: number;
  readonly failCount: number;
  readonly infoCount: number;
  readonly droppedCount: number;
  /** Requests of any interval that were acknowledged within this one. */
  readonly answeredCount: number;
  /** Milliseconds; null where fewer than `samplesFor` of percentiles.ts requests were acknowledged. */
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
  /** Of the load loop itself, in milliseconds. */
  readonly lagMsMax: number | null;
  readonly loopStallMsMax: number | null;
};

/** One interval still being counted; `okMs` are the responses of the acknowledged requests. */
export type IntervalTally = {
  readonly okMs: number[];
  slow: number;
  fail: number;
  info: number;
  dropped: number;
  answered: number;
  lagMs: number | null;
  stallMs: number | null;
};

/** Where the load ends: the last phase, or the last request that was due when the phases are unknown. */
export const loadEnd = (history: History): Micros => {
  const planned = history.phases.reduce((last, phase) => Math.max(last, phase.until), 0);
  if (planned > 0) return planned;
  let last = 1e6;
  for (const { due } of loadRequests(history)) last = Math.max(last, due + 1);
  return last;
};

export type Tallies = {
  readonly widthUs: Micros;
  readonly intervals: readonly IntervalTally[];
};

/** Counts the run into intervals of `widthUs`. */
export const tallyIntervals = (history: History, widthUs: Micros): Tallies => {
  const length = Math.ceil(loadEnd(history) / widthUs);
  const intervals = emptyTallies(length);
  const limitMs = strictestLimitMs(history);
  for (const request of loadRequests(history)) {
    count(intervals[Math.floor(request.due / widthUs)], request, limitMs);
    if (request.outcome !== "ok") continue;
    const answeredIn = intervals[Math.floor(history.requests.done(request.row) / widthUs)];
    if (answeredIn !== undefined) answeredIn.answered += 1;
  }
  for (const { at, dropped, loopStallUsMax } of history.load) {
    const tally = intervals[Math.floor(Math.max(0, at - 1) / widthUs)];
    if (tally === undefined) continue;
    tally.dropped += dropped;
    tally.stallMs = Math.max(tally.stallMs ?? 0, loopStallUsMax / 1_000);
  }

  return { widthUs, intervals };
};

const emptyTallies = (length: number): readonly IntervalTally[] =>
  Array.from({ length }, () => ({
    okMs: [],
    slow: 0,
    fail: 0,
    info: 0,
    dropped: 0,
    answered: 0,
    lagMs: null,
    stallMs: null,
  }));

const count = (tally: IntervalTally | undefined, request: LoadRequest, limitMs: number): void => {
  if (tally === undefined) return;
  tally.lagMs = Math.max(tally.lagMs ?? 0, request.lagMs);
  if (request.outcome === "ok") {
    tally.okMs.push(request.responseMs);
    if (request.responseMs > limitMs) tally.slow += 1;
  } else tally[request.outcome] += 1;
};

/** The figures of the whole run, one an interval. */
export const intervalsOf = ({ intervals, widthUs }: Tallies): readonly IntervalFigures[] =>
  intervals.map((tally, index) => {
    const ascending = Float64Array.from(tally.okMs).toSorted();
    return {
      from: index * widthUs,
      until: (index + 1) * widthUs,
      okCount: tally.okMs.length,
      slowCount: tally.slow,
      failCount: tally.fail,
      infoCount: tally.info,
      droppedCount: tally.dropped,
      answeredCount: tally.answered,
      p50: quantileOf(ascending, 0.5),
      p90: quantileOf(ascending, 0.9),
      p99: quantileOf(ascending, 0.99),
      p999: quantileOf(ascending, 0.999),
      max: ascending.at(-1) ?? null,
      lagMsMax: tally.lagMs,
      loopStallMsMax: tally.stallMs,
    };
  });
