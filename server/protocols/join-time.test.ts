import { expect, test } from "vitest";
import { slicesMax } from "../core/background-slices.ts";
import { eventsOf, type Scenario, scenario } from "../simulation/scenario.ts";

const keys = Array.from({ length: 300 }, (_, index) => `k${index}`);

/** A fifth node joins four while a client keeps reading; every read goes to the disk, which takes `readDelayMs` more. */
async function joinUnder(readDelayMs: number) {
  const all = await scenario({
    nodeIds: ["n1", "n2", "n3", "n4"],
    spareIds: ["n5"],
    partitionCount: 32,
    limits: { cacheBytesMax: 1 },
  });
  const { cluster } = all;
  const { world } = cluster;
  for (const key of keys) await all.client.put("n1", key, "v");
  await cluster.start("n5");
  for (const name of cluster.machineNames()) cluster.machine(name).disk.readDelayMs = readDelayMs;
  const before = await readFor(all, 3000);
  await cluster.order("n2", { type: "join", nodeId: "n5" });
  const fromMs = world.nowMs();
  const during: number[] = [];
  while (isJoining(all)) during.push(...(await readFor(all, 200)));
  const judged = eventsOf(cluster, "background-judged").map(({ slices }) => slices);
  const held = keys.filter((key) => cluster.node("n1").preference("default", key).homes.includes("n5"));
  return {
    joinMs: world.nowMs() - fromMs,
    slowestBefore: Math.max(...before),
    slowestDuring: Math.max(...during),
    /** Infinity where the controller never had to say anything. */
    fewestSlices: Math.min(...judged),
    isWhole: cluster.machine("n5").disk.keys("values").length === held.length,
  };
}

/** Reads one key after the other; what each took. */
async function readFor({ cluster, client }: Scenario, forMs: number): Promise<readonly number[]> {
  const { world } = cluster;
  const untilMs = world.nowMs() + forMs;
  const times: number[] = [];
  for (let index = 0; world.nowMs() < untilMs; index += 1) {
    const fromMs = world.nowMs();
    await client.read("n1", keys[index % keys.length] ?? "");
    times.push(world.nowMs() - fromMs);
    await world.runFor(10);
  }
  return times;
}

function isJoining({ cluster }: Scenario): boolean {
  const own = cluster
    .node("n1")
    .membership()
    .members.find(({ nodeId }) => nodeId === "n5");
  return own?.state !== "valid";
}

test("a join takes its time where the foreground suffers, is held back, and still ends", async () => {
  const idle = await joinUnder(0);
  const strained = await joinUnder(60);

  expect(idle.isWhole && strained.isWhole).toBe(true);
  expect(idle.fewestSlices).toBe(Number.POSITIVE_INFINITY);
  expect(strained.fewestSlices).toBeLessThanOrEqual(slicesMax / 4);
  expect(strained.joinMs).toBeGreaterThan(2 * idle.joinMs);
  expect(strained.slowestDuring).toBeLessThan(2 * strained.slowestBefore);
}, 60_000);
