/**
 * The latencies of a run as a histogram log (`.hlog`), the format of HdrHistogram's own tools: one histogram an
 * interval, operation and measure, told apart by tags such as `get-response`.
 *
 * Response counts from when a request was due, service from when it was sent; the lag between the two is the load
 * generator's own. All are microseconds in buckets of three digits, of acknowledged requests; the lag is of all.
 * The library takes a not-a-number silently and throws above its range, so values are made whole and held within
 * it beforehand. Intervals grow with the run, which keeps the file at a few megabytes.
 */
import { build, type Histogram, HistogramLogWriter } from "hdr-histogram-js";
import type { History } from "../../checkers/history/history.ts";
import { latencyMicrosMax, latencyMicrosMin } from "../../checkers/latency/histogram.ts";
import { loadEnd } from "../intervals.ts";
import { type LoadRequest, loadRequests } from "../load-requests.ts";

/** Intervals of one log at most, each of whole seconds. */
export const logIntervalLimit = 360;

/** Lines end in a line feed; intervals without a request of a tag have no line for it. */
export const histogramLog = (history: History): string => {
  const widthUs = Math.max(1, Math.ceil(loadEnd(history) / 1e6 / logIntervalLimit)) * 1e6;
  const lines: string[] = [];
  const writer = new HistogramLogWriter((text) => lines.push(text));
  const startedMs = history.run?.startedWallMs ?? 0;
  writer.outputComment("Latencies of one run in microseconds; tags name operation and measure.");
  writer.outputLogFormatVersion();
  writer.outputComment(`[StartTime: ${(startedMs / 1_000).toFixed(3)} (seconds since epoch)]`);
  writer.outputLegend();

  for (const { index, tag, histogram } of intervalHistograms(history, widthUs)) {
    histogram.tag = tag;
    const seconds = widthUs / 1e6;
    writer.outputIntervalHistogram(histogram, index * seconds, (index + 1) * seconds);
  }
  return lines.join("");
};

type IntervalHistogram = { readonly index: number; readonly tag: string; readonly histogram: Histogram };

/** In the order of intervals; tags in the order of their first request. */
const intervalHistograms = (history: History, widthUs: number): readonly IntervalHistogram[] => {
  const all = new Map<string, IntervalHistogram>();
  const record = (index: number, tag: string, ms: number): void => {
    const name = `${index} ${tag}`;
    const known = all.get(name) ?? { index, tag, histogram: emptyHistogram() };
    all.set(name, known);
    known.histogram.recordValue(wholeMicros(ms));
  };
  for (const request of loadRequests(history)) {
    const index = Math.floor(request.due / widthUs);
    for (const [measure, ms] of measuresOf(request)) record(index, `${request.kind}-${measure}`, ms);
  }
  return [...all.values()].toSorted((a, b) => a.index - b.index);
};

const measuresOf = (request: LoadRequest): readonly (readonly [string, number])[] => [
  ...(request.outcome === "ok"
    ? ([
        ["response", request.responseMs],
        ["service", request.serviceMs],
      ] as const)
    : []),
  ["lag", request.lagMs],
];

const wholeMicros = (ms: number): number =>
  Math.min(latencyMicrosMax, Math.max(latencyMicrosMin, Math.round(ms * 1_000)));

const emptyHistogram = (): Histogram =>
  build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: latencyMicrosMin,
    highestTrackableValue: 2,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
