/**
 * Who coordinates a write (Dynamo §5): the first of the key's list, or the home that answered the client's read first,
 * as the context remembers. Asked by clients that link the library, so that nobody in between chooses.
 *
 * The same clients do the same with the context as it is, and with one from which the name of the fastest home was taken
 * out. Keys are asked for by Zipf's law, since popularity is what the first of a list cannot spread. Once all
 * nodes are equally far, once some are up to eight times as far as others; R = W = 1, so that a read right
 * after a write can miss it at all.
 */
import type { ReadEnding } from "../client/entry.ts";
import { decodeContext, encodeContext } from "../core/context.ts";
import { eventsOf, noRepair, scenario } from "../simulation/scenario.ts";
import { applicationIn, type SimulatedApplication } from "../simulation/simulated-application.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";
import type { RandomStream } from "../simulation/world.ts";
import { type ExperimentOptions, type Finding, percent } from "./experiment.ts";
import { type Latencies, latenciesOf } from "./latencies.ts";

export type Choice = {
  readonly by: "first of the list" | "fastest to answer";
  readonly distances: "equal" | "unequal";
};

export type ChoiceCost = {
  /** Writes of the node that coordinated most of them, over the mean of all nodes. */
  readonly busiestOverMean: number;
  /** Share of reads right after an acknowledged write of the same client that showed it. */
  readonly ownWritesRead: number;
  readonly writes: Latencies;
};

const bucket = "default";
const clientCount = 8;
const keyCount = 40;
/** How many times as far each node is as the nearest. */
const unequal = [1, 2, 4, 6, 8] as const;

type Visit = { readonly tookMs: number; readonly isSeen: boolean };

/** `visitCount` of each client: a read, a write of what was read, and a read. */
export async function choiceCost(
  { by, distances }: Choice,
  visitCount: number,
  seed = 1,
): Promise<ChoiceCost> {
  const { cluster } = await scenario({
    seed,
    buckets: { [bucket]: { r: 1, w: 1 } },
    intervals: noRepair,
    partitionCount: 64,
  });
  if (distances === "unequal")
    for (const [index, name] of cluster.nodeIds.entries()) cluster.links.slow(name, unequal[index] ?? 1);
  const applications: SimulatedApplication[] = [];
  for (let index = 0; index < clientCount; index += 1)
    applications.push(await applicationIn(cluster, { drives: "client", name: `client:${index}` }));
  const visits = await cluster.world.run(
    Promise.all(
      applications.map((application, index) =>
        visitAll(cluster, application, {
          by,
          visitCount,
          stream: cluster.world.random(`customer ${index}`),
          name: `client:${index}`,
        }),
      ),
    ),
    24 * 3_600_000,
  );
  const all = visits.flat();
  return {
    busiestOverMean: busiest(cluster),
    ownWritesRead: all.filter(({ isSeen }) => isSeen).length / all.length,
    writes: latenciesOf(all.map(({ tookMs }) => tookMs)),
  };
}

type Visits = {
  readonly by: Choice["by"];
  readonly visitCount: number;
  readonly stream: RandomStream;
  readonly name: string;
};

async function visitAll(
  { world }: SimulatedCluster,
  { client }: SimulatedApplication,
  { by, visitCount, stream, name }: Visits,
): Promise<readonly Visit[]> {
  const visits: Visit[] = [];
  for (let visit = 0; visit < visitCount; visit += 1) {
    const key = `cart ${byPopularity(stream)}`;
    const read = okay(await client.get(bucket, key));
    const context = by === "fastest to answer" ? read.context : withoutFastest(read.context, key);
    const writeId = `${name} ${visit}`;
    const fromMs = world.nowMs();
    const wrote = await client.put(bucket, key, new Uint8Array([1]), { context, writeId, isRetrySafe: true });
    const tookMs = world.nowMs() - fromMs;
    if (wrote.type !== "ok") throw new Error(`seed ${world.seed}: ${wrote.detail}`);
    const again = okay(await client.get(bucket, key));
    visits.push({ tookMs, isSeen: again.siblings.some((sibling) => sibling.writeId === writeId) });
  }
  return visits;
}

function okay(ending: ReadEnding): Extract<ReadEnding, { type: "ok" }> {
  if (ending.type !== "ok") throw new Error(ending.detail);
  return ending;
}

/** The token as a store would give it that does not remember who answered first. */
function withoutFastest(token: string, key: string): string {
  const decoded = decodeContext(token, bucket, key);
  if (decoded.type === "fail") throw new Error(decoded.reason);
  const encoded = encodeContext({ ...decoded, fastest: "" }, bucket, key);
  if (encoded.type === "fail") throw new Error(encoded.reason);
  return encoded.token;
}

const weights = Array.from({ length: keyCount }, (_, rank) => 1 / (rank + 1));
const weightSum = weights.reduce((sum, weight) => sum + weight, 0);

/** Zipf's law with exponent 1. */
function byPopularity(stream: RandomStream): number {
  let left = stream.uniform() * weightSum;
  for (const [rank, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return rank;
  }
  return keyCount - 1;
}

function busiest(cluster: SimulatedCluster): number {
  const counts = new Map(cluster.nodeIds.map((name) => [name, 0]));
  for (const { node, isRetry } of eventsOf(cluster, "write-minted"))
    if (!isRetry) counts.set(node, (counts.get(node) ?? 0) + 1);
  const all = [...counts.values()];
  return (Math.max(...all) * all.length) / all.reduce((sum, count) => sum + count, 0);
}

export async function* coordinatorChoice({ isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const visitCount = isQuick ? 40 : 250;
  for (const distances of ["equal", "unequal"] as const) {
    for (const by of ["first of the list", "fastest to answer"] as const) {
      const { busiestOverMean, ownWritesRead, writes } = await choiceCost({ by, distances }, visitCount);
      yield {
        line:
          `${by}, nodes at ${distances} distances: busiest coordinator ${busiestOverMean.toFixed(2)} of the mean, ` +
          `own writes read ${percent(ownWritesRead)}, writes ${writes.meanMs.toFixed(2)} mean, ${writes.p999Ms.toFixed(2)} ms p99.9`,
        figures: { by, distances, visitCount: writes.count, busiestOverMean, ownWritesRead, ...writes },
      };
    }
  }
}
