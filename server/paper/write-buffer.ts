/**
 * Figure 5 of the paper (§6.1; experiment E3): writes acknowledged from memory against writes acknowledged from disk.
 * The text says that the 99.9th percentile falls to a fifth, the figure shows two fifths to a third.
 *
 * Three buckets of one store, which differ in nothing but when a copy is acknowledged, take turns of two seconds; once at a
 * low load, once at its peak.
 */
import type { Session } from "../client/session.ts";
import { chanceOf } from "../models/chance.ts";
import type { ExperimentOptions, Finding } from "./experiment.ts";
import { latenciesOf } from "./latencies.ts";
import { shop, type Timed, timesOf } from "./open-load.ts";
import { RealStore } from "./real-store.ts";

const buckets = {
  direct: { durability: "fsync" },
  buffered: { durability: "buffer" },
  "one-durable": { durability: "buffer+one" },
} as const;
const names = ["direct", "buffered", "one-durable"] as const;
type BucketName = (typeof names)[number];

const loads = { night: 20, peak: 150 } as const;
const turnMs = 2000;

export async function* writeBuffer({ programs, isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const store = await RealStore.start({ programs, nodeCount: 3, storage: "level", buckets });
  try {
    const session = (await store.client("node")).session();
    for (const load of ["night", "peak"] as const) {
      const timed = await inTurns(session, loads[load], isQuick ? 2 : 8);
      const of = (name: BucketName) => latenciesOf(timesOf(timed.get(name) ?? [], "write"));
      const direct = of("direct");
      for (const name of ["buffered", "one-durable"] as const) {
        const other = of(name);
        const mean = direct.meanMs / other.meanMs;
        const p99 = direct.p99Ms / other.p99Ms;
        const p999 = direct.p999Ms / other.p999Ms;
        yield {
          line:
            `direct over ${name} writes, ${load} (${loads[load]}/s): ${mean.toFixed(2)} mean, ${p99.toFixed(2)} p99, ` +
            `${p999.toFixed(2)} p99.9 (${direct.count} and ${other.count} writes; direct ${direct.meanMs.toFixed(1)} ms mean)`,
          figures: { load, bucket: name, mean, p99, p999, ...other, directMeanMs: direct.meanMs },
        };
      }
    }
  } finally {
    await store.stop();
  }
}

/** The first turn of each bucket is not counted. */
async function inTurns(
  session: Session,
  perSecond: number,
  turnCount: number,
): Promise<ReadonlyMap<BucketName, readonly Timed[]>> {
  const chance = chanceOf(1);
  const timed = new Map<BucketName, Timed[]>(names.map((name) => [name, []]));
  for (let turn = 0; turn <= turnCount; turn += 1) {
    for (const name of names) {
      const load = { perSecond: () => perSecond, durationMs: turnMs, bucket: name, chance };
      const some = await shop(session, load);
      if (turn > 0) timed.get(name)?.push(...some);
    }
  }
  return timed;
}
