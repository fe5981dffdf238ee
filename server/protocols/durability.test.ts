import { describe, expect, test } from "vitest";
import type { DurabilityMode } from "../core/durability-demand.ts";
import { copies, eventsOf, noRepair, placed, scenario } from "../simulation/scenario.ts";

const bufferForLong = { ...noRepair, bufferFlushMs: 60_000 };

describe("a bucket that acknowledges from memory", () => {
  test("syncs nothing before the answer, and says so in its acknowledgements", async () => {
    const { cluster, client } = await buffered("buffer");
    const { first } = placed(cluster, "k");
    const before = syncCounts(cluster);

    const put = await client.put(first, "k", "v");

    expect(put.acknowledgements.map(({ durability }) => durability)).toEqual(["buffered", "buffered"]);
    expect(syncCounts(cluster)).toEqual(before);
    expect((await client.read(first, "k")).values).toEqual(["v"]);
  });

  test("loses to a power cut of all replicas what was not flushed, and nothing once it was", async () => {
    expect(await keptThroughPowerCut(5)).toEqual([]);
    expect(await keptThroughPowerCut(200)).toEqual(["v"]);
  });

  test("syncs as many copies as dw asks for before it answers", async () => {
    const { cluster, client } = await buffered("buffer");
    const { first } = placed(cluster, "k");

    const put = await client.put(first, "k", "v", { dw: 2 });

    expect(put.acknowledgements.filter(({ durability }) => durability === "synced")).toHaveLength(2);
  });

  test("never calls a copy synced that a retry finds in memory", async () => {
    const { cluster, client } = await buffered("buffer");
    const { first } = placed(cluster, "k");
    await client.put(first, "k", "v", { writeId: "w1" });

    const again = await client.put(first, "k", "v", { writeId: "w1" });
    const durably = await client.put(first, "k", "v", { writeId: "w1", dw: 3, w: 3 });
    for (const name of cluster.nodeIds) cluster.cutPower(name);
    for (const name of cluster.nodeIds) await cluster.start(name);

    expect(again.acknowledgements.map(({ durability }) => durability)).toEqual(["buffered", "buffered"]);
    expect(durably.acknowledgements.map(({ durability }) => durability)).toEqual([
      "synced",
      "synced",
      "synced",
    ]);
    expect(Object.values(await copies(cluster, "k")).filter((copy) => copy === "v")).toHaveLength(3);
  });
});

describe("a bucket that syncs one copy of each write", () => {
  test("keeps a write through a power cut of everybody, once the chosen one has answered", async () => {
    const { cluster, client } = await buffered("buffer+one");
    const { first } = placed(cluster, "k");
    await client.put(first, "k", "v");
    await cluster.world.runFor(50);

    for (const name of cluster.nodeIds) cluster.cutPower(name);
    for (const name of cluster.nodeIds) await cluster.start(name);

    expect(Object.values(await copies(cluster, "k")).filter((copy) => copy === "v")).toHaveLength(1);
  });

  test("does not wait for the slow disk of the chosen one", async () => {
    const { cluster, client } = await buffered("buffer+one");
    const { first, second } = placed(cluster, "k");
    for (const name of cluster.nodeIds) cluster.machine(name).disk.slowness = 100;
    const beganMs = cluster.world.nowMs();

    const put = await client.put(first, "k", "v");

    expect(cluster.world.nowMs() - beganMs).toBeLessThan(20);
    expect(put.acknowledgements.map(({ durability }) => durability)).toEqual(["buffered", "buffered"]);
    await cluster.world.runFor(2000);
    expect(syncedBy(cluster, "k")).toEqual([second]);
  });

  test("has whoever keeps the chosen one's copy in its place sync it", async () => {
    const { cluster, client } = await buffered("buffer+one");
    const { first, second } = placed(cluster, "k");
    cluster.links.cut(first, second);

    await client.put(first, "k", "v");
    await cluster.world.runFor(3000);
    cluster.cutPower(first);
    await cluster.start(first);

    const hints = await cluster.world.run(cluster.node(first).hints());
    expect(hints).toMatchObject([{ target: second, key: "k" }]);
  });
});

/** What is read of one write after all machines lost power `waitMs` after it was acknowledged. */
async function keptThroughPowerCut(waitMs: number): Promise<readonly string[]> {
  const { cluster, client } = await buffered("buffer", { ...noRepair, bufferFlushMs: 100 });
  const { first } = placed(cluster, "k");
  await client.put(first, "k", "v");
  await cluster.world.runFor(waitMs);
  for (const name of cluster.nodeIds) cluster.cutPower(name);
  for (const name of cluster.nodeIds) await cluster.start(name);
  await cluster.world.runFor(300);
  return (await client.read(first, "k")).values;
}

function buffered(durability: DurabilityMode, intervals: object = bufferForLong) {
  return scenario({ intervals, buckets: { default: { durability } } });
}

function syncCounts(cluster: Awaited<ReturnType<typeof buffered>>["cluster"]): readonly number[] {
  return cluster.nodeIds.map((name) => cluster.machine(name).disk.syncCount);
}

/** The nodes that have written the key's record synced, in order. */
function syncedBy(cluster: Awaited<ReturnType<typeof buffered>>["cluster"], key: string): readonly string[] {
  return eventsOf(cluster, "state-appended")
    .filter((event) => event.key === key && event.durability === "synced")
    .map(({ node }) => node);
}
