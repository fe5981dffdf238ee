/**
 * Figure 4 of the paper (§6.1; experiment E4): thirty days of a store whose load swings from night to peak. Its 99.9th
 * percentiles are an order of magnitude over its means, follow the load, and are higher for writes than for reads.
 *
 * Here a day takes half a minute, between a fifth of the mean load and nine fifths of it. Each day is cut into
 * twelve parts; a part of all days together has enough requests for a percentile, which is then held against its load.
 */
import { chanceOf } from "../models/chance.ts";
import type { ExperimentOptions, Finding } from "./experiment.ts";
import { correlation, latenciesOf } from "./latencies.ts";
import { shop, type Timed, timesOf } from "./open-load.ts";
import { RealStore } from "./real-store.ts";

const dayMs = 30_000;
const partCount = 12;
const meanPerSecond = 80;
const swing = 0.8;
const warmUpMs = 3000;

export type Shape = {
  readonly count: number;
  readonly p999OverMean: number;
  /** Of the 99.9th percentile of each part of the day with its requests. */
  readonly withLoad: number;
  readonly meanMs: number;
  readonly p999Ms: number;
};

/** How the latencies of one kind of request lie over `partCount` parts of days of `dayMs`. */
export function shapeOf(timed: readonly Timed[], kind: Timed["kind"]): Shape {
  const parts = Array.from({ length: partCount }, (): Timed[] => []);
  for (const one of timed) parts[Math.floor(((one.atMs % dayMs) / dayMs) * partCount)]?.push(one);
  const loads = parts.map((part) => part.length);
  const tails = parts.map((part) => latenciesOf(timesOf(part, kind)).p999Ms);
  const { count, meanMs, p999Ms } = latenciesOf(timesOf(timed, kind));
  return { count, meanMs, p999Ms, p999OverMean: p999Ms / meanMs, withLoad: correlation(loads, tails) };
}

export async function* swingingLoad({ programs, isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const store = await RealStore.start({ programs, nodeCount: 3, storage: "level" });
  try {
    const session = (await store.client("node")).session();
    const chance = chanceOf(1);
    const bucket = "carts";
    await shop(session, { perSecond: () => meanPerSecond, durationMs: warmUpMs, bucket, chance });
    const perSecond = (atMs: number): number =>
      meanPerSecond * (1 + swing * Math.sin((2 * Math.PI * atMs) / dayMs));
    const durationMs = (isQuick ? 1 : 4) * dayMs;
    const timed = await shop(session, { perSecond, durationMs, bucket, chance });
    const failedCount = timed.filter(({ isOk }) => !isOk).length;
    for (const kind of ["read", "write"] as const) {
      const shape = shapeOf(timed, kind);
      yield {
        line:
          `${kind}s: p99.9 is ${shape.p999OverMean.toFixed(1)} times the mean of ${shape.meanMs.toFixed(1)} ms, ` +
          `correlation of p99.9 with the load ${shape.withLoad.toFixed(2)} (${shape.count} requests, ${failedCount} of both kinds failed)`,
        figures: { kind, ...shape, failedCount },
      };
    }
  } finally {
    await store.stop();
  }
}
