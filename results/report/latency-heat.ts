/** Latencies by interval and range: the counts behind the heat map. */
import type { LatencyHeat } from "./figures.ts";

/** Twelve rows a decade, from 0.1 ms to 100 s; what is faster or slower lies in the first or last row. */
const rowsPerDecade = 12;
const decades = 6;
const lowestMs = 0.1;

const edgesMs: readonly number[] = Array.from(
  { length: decades * rowsPerDecade + 1 },
  (_, row) => lowestMs * 10 ** (row / rowsPerDecade),
);

/** One list of milliseconds an interval. */
export const latencyHeat = (intervals: readonly (readonly number[])[]): LatencyHeat => ({
  edgesMs,
  columns: intervals.map((samples) => {
    const counts = Array.from({ length: edgesMs.length - 1 }, () => 0);
    for (const ms of samples) {
      const row = rowOf(ms);
      counts[row] = (counts[row] ?? 0) + 1;
    }
    return counts;
  }),
});

const rowOf = (ms: number): number => {
  const row = Math.floor(Math.log10(Math.max(ms, lowestMs) / lowestMs) * rowsPerDecade);
  return Math.min(edgesMs.length - 2, Math.max(0, row));
};
