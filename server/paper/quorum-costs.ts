/**
 * What R and W shift between reads and writes at N = 3 (a lecture on Dynamo): (3, 3, 1), (3, 2, 2) and (3, 1, 3) as N, R,
 * W. The three buckets live in one simulated cluster and take turns, so that all meet the same links and disks. What
 * is shown is how their latencies stand to those of (3, 2, 2); milliseconds of a simulated disk mean nothing.
 */
import { scenario } from "../simulation/scenario.ts";
import type { ExperimentOptions, Finding } from "./experiment.ts";
import { type Latencies, latenciesOf } from "./latencies.ts";

export type QuorumCost = {
  readonly r: number;
  readonly w: number;
  readonly reads: Latencies;
  readonly writes: Latencies;
};

const settings = [
  { r: 3, w: 1 },
  { r: 2, w: 2 },
  { r: 1, w: 3 },
] as const;
const keyCount = 50;

/** In the order (3, 3, 1), (3, 2, 2), (3, 1, 3); `requestCount` reads and as many writes of each. */
export async function quorumCosts(requestCount: number): Promise<readonly QuorumCost[]> {
  const buckets = Object.fromEntries(settings.map(({ r, w }) => [`r${r}w${w}`, { r, w }]));
  const { cluster, client } = await scenario({ buckets });
  const { world, nodeIds } = cluster;
  const entries = world.random("entries");
  const timed = async <T>(times: number[], ask: () => Promise<T>): Promise<T> => {
    const fromMs = world.nowMs();
    const answer = await ask();
    times.push(world.nowMs() - fromMs);
    return answer;
  };
  const measured = settings.map((setting) => ({
    ...setting,
    readMs: [] as number[],
    writeMs: [] as number[],
    contexts: new Map<string, string>(),
  }));
  for (let index = 0; index < requestCount; index += 1) {
    for (const { r, w, readMs, writeMs, contexts } of measured) {
      const bucket = `r${r}w${w}`;
      const key = `k${index % keyCount}`;
      const entry = nodeIds[entries.integer(0, nodeIds.length - 1)] ?? "";
      const context = contexts.get(key);
      const options = { bucket, ...(context === undefined ? {} : { context }) };
      const put = await timed(writeMs, () => client.put(entry, key, "v", options));
      contexts.set(key, put.context);
      await timed(readMs, () => client.read(entry, key, { bucket }));
    }
  }
  return measured.map(({ r, w, readMs, writeMs }) => ({
    r,
    w,
    reads: latenciesOf(readMs),
    writes: latenciesOf(writeMs),
  }));
}

export async function* quorumCostsFound({ isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const costs = await quorumCosts(isQuick ? 300 : 2000);
  const usual = costs.find(({ r, w }) => r === 2 && w === 2);
  if (usual === undefined) return;
  for (const { r, w, reads, writes } of costs) {
    const readMean = reads.meanMs / usual.reads.meanMs;
    const readP999 = reads.p999Ms / usual.reads.p999Ms;
    const writeMean = writes.meanMs / usual.writes.meanMs;
    const writeP999 = writes.p999Ms / usual.writes.p999Ms;
    yield {
      line:
        `(3, ${r}, ${w}) over (3, 2, 2): reads ${readMean.toFixed(2)} mean, ${readP999.toFixed(2)} p99.9; ` +
        `writes ${writeMean.toFixed(2)} mean, ${writeP999.toFixed(2)} p99.9`,
      figures: { r, w, requestCount: reads.count, readMean, readP999, writeMean, writeP999 },
    };
  }
}
