/**
 * Figure 5 of the paper (§6.1; experiment E3): writes acknowledged from memory against writes acknowledged from disk.
 * The text says that the 99.9th percentile falls to a fifth, the figure shows two fifths to a third.
 *
 * Three buckets of one store, which differ in nothing but when a copy is acknowledged, take turns of two seconds; once at a
 * low load, once at its peak.
 */
import type { ExperimentOptions, Finding } from "./experiment.ts";
import { inTurns } from "./in-turns.ts";
import { latenciesOf } from "./latencies.ts";
import { timesOf } from "./open-load.ts";
import { RealStore } from "./real-store.ts";

const buckets = {
  direct: { durability: "fsync" },
  buffered: { durability: "buffer" },
  "one-durable": { durability: "buffer+one" },
} as const;
const names = ["direct", "buffered", "one-durable"] as const;
type BucketName = (typeof names)[number];

const loads = { night: 20, peak: 150 } as const;

export async function* writeBuffer({ programs, isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const store = await RealStore.start({ programs, nodeCount: 3, storage: "level", buckets });
  try {
    const session = (await store.client("node")).session();
    for (const load of ["night", "peak"] as const) {
      const sessions = new Map(names.map((name) => [name, session]));
      const turnCount = isQuick ? 2 : 8;
      const timed = await inTurns({ sessions, perSecond: loads[load], warmUpCount: 1, turnCount });
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
