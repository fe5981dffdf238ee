/**
 * What a full repair does to the requests beside it (Dynamo §6.5; experiment E7): a node of three was away while every
 * key was written anew, comes back, and gets all of it again by comparing trees, while clients go on reading.
 *
 * Disks have one arm, so that a read of the repair is one that somebody else waits behind. The controller of background
 * work judges by those waits; it can be told to bear anything, which switches it off.
 */
import { slicesMax } from "../core/background-slices.ts";
import { eventsOf, noHandoff, noticed, type Scenario, scenario } from "../simulation/scenario.ts";
import type { ExperimentOptions, Finding } from "./experiment.ts";
import { type Latencies, latenciesOf } from "./latencies.ts";

export type RepairPlan = {
  readonly isControlled: boolean;
  /** What a read takes the arm of a disk, all others aside. */
  readonly readMs: number;
  /** Share of its time that each arm is kept busy by clients alone. */
  readonly busyShare: number;
  readonly keyCount: number;
};

export type RepairCost = {
  /** Reads of clients before the repair and during it. */
  readonly idle: Latencies;
  readonly during: Latencies;
  /** From the node's return until it has every key. */
  readonly repairMs: number;
  /** The fewest slices that any node allowed itself; all of them where the controller never had to say anything. */
  readonly slicesMin: number;
};

const away = "n3";
const others = ["n1", "n2"] as const;
const idleMs = 60_000;
const lookEveryMs = 250;
const repairMsMax = 3_600_000;

export async function repairCost({
  isControlled,
  readMs,
  busyShare,
  keyCount,
}: RepairPlan): Promise<RepairCost> {
  const all = await scenario({
    nodeIds: [...others, away],
    // Reads mend nothing, so that the trees have to.
    buckets: { default: { readRepair: "off" } },
    intervals: { ...noHandoff, antiEntropyMs: 500 },
    limits: {
      hintBytesMax: 0,
      cacheBytesMax: 1,
      ...(isControlled ? {} : { backgroundReadMsMax: Number.MAX_SAFE_INTEGER }),
    },
  });
  const { cluster, client } = all;
  const { world } = cluster;
  const keys = Array.from({ length: keyCount }, (_, index) => `k${index}`);
  for (const key of keys) await client.put("n1", key, "old", { w: 3 });
  // Every read of a client is one at each of three disks.
  const perMs = busyShare / readMs;
  for (const name of cluster.nodeIds) {
    const { disk } = cluster.machine(name);
    disk.readDelayMs = readMs;
    disk.hasOneArm = true;
  }
  const idle = latenciesOf(await readFor(all, { keys, perMs, forMs: idleMs }));
  cluster.crash(away);
  await noticed(cluster);
  for (const key of keys) await client.put("n1", key, "new");
  const eventCount = cluster.events.length;
  await cluster.start(away);
  const fromMs = world.nowMs();
  const times: number[] = [];
  while (repairedCount(all, eventCount) < keyCount && world.nowMs() < fromMs + repairMsMax)
    times.push(...(await readFor(all, { keys, perMs, forMs: lookEveryMs })));
  return {
    idle,
    during: latenciesOf(times),
    repairMs: world.nowMs() - fromMs,
    slicesMin: Math.min(slicesMax, ...eventsOf(cluster, "background-judged").map(({ slices }) => slices)),
  };
}

/** Keys that the node which was away has stored since the event `from`. */
function repairedCount({ cluster }: Scenario, from: number): number {
  const stored = new Set<string>();
  for (const { node, event } of cluster.events.slice(from))
    if (node === away && event.type === "state-appended") stored.add(event.key);
  return stored.size;
}

type Readers = { readonly keys: readonly string[]; readonly perMs: number; readonly forMs: number };

/** Reads that come when they come, at the nodes that were never away; what each took. */
async function readFor(
  { cluster, client }: Scenario,
  { keys, perMs, forMs }: Readers,
): Promise<readonly number[]> {
  const { world } = cluster;
  const stream = world.random(`readers from ${world.nowMs()}`);
  const times: number[] = [];
  const untilMs = world.nowMs() + forMs;
  const underWay: Promise<void>[] = [];
  const read = async (): Promise<void> => {
    const fromMs = world.nowMs();
    const key = keys[stream.integer(0, keys.length - 1)] ?? "";
    const outcome = await client.get(others[stream.integer(0, 1)] ?? "n1", { bucket: "default", key });
    if (outcome.type === "ok") times.push(world.nowMs() - fromMs);
  };
  const pauseMs = (): number => -Math.log(1 - stream.uniform()) / perMs;
  for (let dueMs = pauseMs(); world.nowMs() + dueMs < untilMs; dueMs = pauseMs()) {
    await world.runFor(dueMs);
    underWay.push(read());
  }
  await world.runFor(Math.max(0, untilMs - world.nowMs()));
  await world.run(Promise.all(underWay));
  return times;
}

const disks = [
  { readMs: 4, busyShare: 0.3 },
  { readMs: 4, busyShare: 0.7 },
  { readMs: 15, busyShare: 0.3 },
] as const;

export async function* backgroundWork({ isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const keyCount = isQuick ? 200 : 600;
  for (const { readMs, busyShare } of disks) {
    for (const isControlled of [true, false]) {
      const { idle, during, repairMs, slicesMin } = await repairCost({
        isControlled,
        readMs,
        busyShare,
        keyCount,
      });
      const p999 = during.p999Ms / idle.p999Ms;
      const mean = during.meanMs / idle.meanMs;
      yield {
        line:
          `reads of ${readMs} ms, arms busy ${busyShare * 100} %, ${isControlled ? "with" : "without"} the controller: ` +
          `during the repair ${mean.toFixed(2)} of the idle mean, ${p999.toFixed(2)} of the idle p99.9; ` +
          `${keyCount} keys in ${(repairMs / 1000).toFixed(1)} s, slices down to ${slicesMin}`,
        figures: {
          readMs,
          busyShare,
          control: isControlled ? "on" : "off",
          mean,
          p999,
          repairMs,
          slicesMin,
          readCount: during.count,
        },
      };
    }
  }
}
