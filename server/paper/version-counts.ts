/**
 * How many versions a read sees (Dynamo §6.3; experiment E6): over the writers that share a key, with nothing broken,
 * and over faults, with one writer a key. The paper saw one version in 99.94 % of its reads, and says that more come from
 * concurrent writers and not from failures.
 *
 * Always 64 customers, each of whom comes about once a second, reads a cart, takes a moment and writes what it has become;
 * only how many share a cart differs, so that every case has the same requests. A customer is served by any node
 * that is up, another one each time, as behind a load balancer. That is hard on a cut: the next request may come to the other side.
 */
import { scenario } from "../simulation/scenario.ts";
import type { SimulatedClient } from "../simulation/simulated-client.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";
import type { RandomStream } from "../simulation/world.ts";
import { type ExperimentOptions, type Finding, percent } from "./experiment.ts";

/** What breaks for ten seconds of each minute: one node of five is killed, or two are cut from three. */
export type Breakage = "nothing" | "kill" | "cut";

export type VersionCase = {
  readonly customerCount: number;
  /** Customers of one key, a divisor of `customerCount`. */
  readonly writersPerKey: number;
  readonly broken: Breakage;
  readonly minutes: number;
  readonly seed: number;
};

export type VersionCounts = {
  /** Reads that saw one version, two, three, and four or more; reads of a key never written are not counted. */
  readonly byVersions: readonly [one: number, two: number, three: number, more: number];
  /** Reads and writes that were not acknowledged. */
  readonly failedCount: number;
};

const pauseMs = 1000;
/** What the application takes to make a new cart of the old one. */
const thinkMs = 10;
const minuteMs = 60_000;
const brokenFromMs = 20_000;
const brokenForMs = 10_000;
const bucket = "default";

type Tally = { readonly byVersions: [number, number, number, number]; failedCount: number };

export async function versionCounts({
  customerCount,
  writersPerKey,
  broken,
  minutes,
  seed,
}: VersionCase): Promise<VersionCounts> {
  const { cluster, client } = await scenario({ seed });
  const { world } = cluster;
  const untilMs = world.nowMs() + minutes * minuteMs;
  const tally: Tally = { byVersions: [0, 0, 0, 0], failedCount: 0 };
  const keyCount = customerCount / writersPerKey;
  const customers = Array.from({ length: customerCount }, (_, index) =>
    shop(cluster, client, {
      key: `cart ${index % keyCount}`,
      stream: world.random(`customer ${index}`),
      untilMs,
      tally,
    }),
  );
  const breaking = breakNowAndThen(cluster, broken, minutes);
  await world.run(Promise.all([...customers, breaking]), 2 * minutes * minuteMs);
  return tally;
}

type Customer = {
  readonly key: string;
  readonly stream: RandomStream;
  readonly untilMs: number;
  readonly tally: Tally;
};

async function shop(
  cluster: SimulatedCluster,
  client: SimulatedClient,
  { key, stream, untilMs, tally }: Customer,
): Promise<void> {
  const anyNode = (): string => {
    const up = cluster.nodeIds.filter((name) => cluster.isUp(name));
    return up[stream.integer(0, up.length - 1)] ?? "";
  };
  for (let visit = 0; ; visit += 1) {
    await rest(cluster, stream.uniform() * 2 * pauseMs);
    if (cluster.world.nowMs() >= untilMs) return;
    const read = await client.get(anyNode(), { bucket, key });
    if (read.type !== "ok") {
      tally.failedCount += 1;
      continue;
    }
    const versionCount = read.siblings.length;
    if (versionCount > 0) tally.byVersions[placeOf(versionCount)] += 1;
    await rest(cluster, stream.uniform() * 2 * thinkMs);
    const value = new Uint8Array([visit & 255]);
    const wrote = await client.write(anyNode(), { bucket, key, value, context: read.context });
    if (wrote.type !== "ok") tally.failedCount += 1;
  }
}

function placeOf(versionCount: number): 0 | 1 | 2 | 3 {
  switch (versionCount) {
    case 1:
      return 0;
    case 2:
      return 1;
    case 3:
      return 2;
    default:
      return 3;
  }
}

async function breakNowAndThen(cluster: SimulatedCluster, broken: Breakage, minutes: number): Promise<void> {
  if (broken === "nothing") return;
  const victims = cluster.world.random("victims");
  for (let minute = 0; minute < minutes; minute += 1) {
    await rest(cluster, brokenFromMs);
    const first = victims.integer(0, cluster.nodeIds.length - 1);
    const inTurn = cluster.nodeIds.map((_, step, all) => all[(first + step) % all.length] ?? "");
    if (broken === "cut") cluster.partition(inTurn.slice(0, 2), inTurn.slice(2));
    else cluster.crash(inTurn[0] ?? "");
    await rest(cluster, brokenForMs);
    if (broken === "cut") cluster.heal();
    else await cluster.beginStart(inTurn[0] ?? "");
    await rest(cluster, minuteMs - brokenFromMs - brokenForMs);
  }
}

function rest(cluster: SimulatedCluster, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    cluster.world.after(durationMs, resolve);
  });
}

const allWriters = [1, 2, 4, 8, 16, 32, 64] as const;
const fewWriters = [1, 8, 64] as const;

export async function* versionCountsFound({ isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const minutes = isQuick ? 1 : 3;
  const counts: readonly number[] = isQuick ? fewWriters : allWriters;
  const cases: readonly { readonly count: number; readonly broken: Breakage }[] = [
    ...counts.map((count) => ({ count, broken: "nothing" as const })),
    { count: 1, broken: "kill" },
    { count: 1, broken: "cut" },
  ];
  for (const { count, broken } of cases) {
    const { byVersions, failedCount } = await versionCounts({
      customerCount: 64,
      writersPerKey: count,
      broken,
      minutes,
      seed: 1,
    });
    const readCount = byVersions.reduce((sum, some) => sum + some, 0);
    const [one = 0, two = 0, three = 0, more = 0] = byVersions.map((some) => some / readCount);
    const breakage = broken === "nothing" ? "nothing broken" : `a ${broken} of 10 s each minute`;
    yield {
      line:
        `${count} writers a key, ${breakage}: of ${readCount} reads 1, 2, 3, 4 or more versions ` +
        `${[one, two, three, more].map(percent).join(", ")}`,
      figures: { writersPerKey: count, broken, readCount, one, two, three, more, failedCount },
    };
  }
}
