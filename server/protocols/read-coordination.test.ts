import { describe, expect, test } from "vitest";
import { copies, eventsOf, noRepair, noticed, placed, scenario } from "../simulation/scenario.ts";

/** A key whose third home missed the write. */
async function withStaleThird() {
  const { cluster, client } = await scenario({ intervals: noRepair });
  const where = placed(cluster, "k");
  cluster.links.cut(where.first, where.third);
  await client.put(where.first, "k", "v");
  await cluster.world.runFor(2000);
  cluster.heal();
  await noticed(cluster);
  return { cluster, client, ...where };
}

describe("a read", () => {
  test("is coordinated by whatever node is asked", async () => {
    const { cluster, client } = await scenario();
    await client.put("n1", "k", "v");

    for (const name of cluster.nodeIds) expect((await client.read(name, "k")).values).toEqual(["v"]);
  });

  test("mends a home that is behind, with nothing else at work", async () => {
    const { cluster, client, first, third } = await withStaleThird();
    const before = await copies(cluster, "k");

    await client.read(first, "k");
    await cluster.world.runFor(200);

    expect(before[third]).toBe("-");
    expect((await copies(cluster, "k"))[third]).toBe("v");
    expect(eventsOf(cluster, "read-repaired").map(({ to }) => to)).toEqual([third]);
  });

  test("mends the node that coordinates it, too", async () => {
    const { cluster, client, third } = await withStaleThird();

    expect((await client.read(third, "k", { r: 3 })).values).toEqual(["v"]);
    await cluster.world.runFor(200);

    expect((await copies(cluster, "k"))[third]).toBe("v");
  });

  test("repairs with all siblings, never with one chosen", async () => {
    const { cluster, client, first, second, third } = await withStaleThird();
    cluster.partition([first, second], [third]);
    await noticed(cluster);
    await client.put(third, "k", "other side", { w: 1 });
    cluster.heal();
    await noticed(cluster);

    await client.read(first, "k", { r: 3 });
    await cluster.world.runFor(200);

    const held = await copies(cluster, "k");
    expect([first, second, third].map((home) => held[home])).toEqual([
      "other side v",
      "other side v",
      "other side v",
    ]);
  });

  test("leaves a bucket alone that wants no repair", async () => {
    const { cluster, client } = await scenario({
      intervals: noRepair,
      buckets: { quiet: { readRepair: "off" } },
    });
    const { first, third } = placed(cluster, "k", "quiet");
    cluster.links.cut(first, third);
    await client.put(first, "k", "v", { bucket: "quiet" });
    await cluster.world.runFor(2000);
    cluster.heal();
    await noticed(cluster);

    await client.read(first, "k", { bucket: "quiet", r: 3 });
    await cluster.world.runFor(500);

    expect((await copies(cluster, "k", "quiet"))[third]).toBe("-");
  });

  test("of a key that never was, and of one that was deleted, is empty and has a context to write with", async () => {
    const { client } = await scenario();
    const never = await client.read("n1", "never");
    await client.put("n1", "gone", "v");
    const seen = await client.read("n1", "gone");
    await client.put("n1", "gone", null, { context: seen.context, writeId: "the delete" });
    const gone = await client.read("n2", "gone");

    await client.put("n3", "gone", "back", { context: gone.context });
    await client.put("n3", "never", "first", { context: never.context });

    expect(never).toMatchObject({ values: [], tombstones: [] });
    expect(gone).toMatchObject({ values: [], tombstones: ["the delete"] });
    expect(await client.read("n4", "gone")).toMatchObject({ values: ["back"], tombstones: [] });
    expect((await client.read("n4", "never")).values).toEqual(["first"]);
  });

  test("fails with what it needed and had when too few answer in time", async () => {
    const { cluster, client } = await scenario({ nodeIds: ["n1", "n2", "n3"] });
    cluster.machine("n2").process.pause();
    cluster.machine("n3").process.pause();

    const outcome = await cluster.world.run(
      client.get("n1", { bucket: "default", key: "k", timeoutMs: 200 }),
    );

    expect(outcome).toMatchObject({ type: "fail", error: "timeout", needed: 2, had: 1 });
  });

  test("barely notices one slow replica", async () => {
    const { cluster, client } = await scenario();
    const { first, third } = placed(cluster, "k");
    await client.put(first, "k", "v");
    cluster.links.slow(third, 100);
    const beganMs = cluster.world.nowMs();

    await client.read(first, "k");

    expect(cluster.world.nowMs() - beganMs).toBeLessThan(10);
  });

  test("asks a fallback when two homes are slow, before its time is over", async () => {
    const { cluster, client } = await scenario();
    const { first, second, third } = placed(cluster, "k");
    await client.put(first, "k", "v");
    cluster.machine(second).process.pause();
    cluster.machine(third).process.pause();
    const beganMs = cluster.world.nowMs();

    expect((await client.read(first, "k")).values).toEqual(["v"]);

    expect(cluster.world.nowMs() - beganMs).toBeLessThan(100);
  });
});

describe("a damaged record", () => {
  test("is no answer: the read waits for somebody who knows", async () => {
    const { cluster, client, first } = await withDamagedFirst();

    const outcome = await cluster.world.run(client.get(first, { bucket: "default", key: "k", r: 2 }));

    expect(outcome).toMatchObject({ type: "ok" });
    expect(outcome.type === "ok" && outcome.siblings).toHaveLength(1);
    expect(outcome.type === "ok" && outcome.repliedNodes).not.toContain(first);
  });

  test("is written over by the repair of the read that met it", async () => {
    const { cluster, client, first } = await withDamagedFirst();

    await client.read(first, "k");
    await cluster.world.runFor(200);

    expect((await copies(cluster, "k"))[first]).toBe("v");
  });

  test("makes its node count anew when it coordinates, so that no dot is given twice", async () => {
    const { cluster, client, first } = await withDamagedFirst();

    await client.put(first, "k", "blind", { w: 1 });
    await cluster.settle();

    expect(eventsOf(cluster, "epoch-minted").map(({ reason }) => reason)).toEqual([
      "first-coordination",
      "unreadable-record",
    ]);
    expect((await client.read(first, "k", { r: 3 })).values).toEqual(["blind", "v"]);
  });

  test("makes it count anew also after others have written the key back to it", async () => {
    const { cluster, client, first, second } = await withDamagedFirst();
    await client.put(second, "k", "by another", { w: 3 });

    await client.put(first, "k", "blind", { w: 1 });
    await cluster.settle();

    expect((await client.read(first, "k", { r: 3 })).values).toEqual(["blind", "by another", "v"]);
    const epochs = eventsOf(cluster, "epoch-minted").filter(({ node }) => node === first);
    expect(epochs).toHaveLength(2);
  });
});

async function withDamagedFirst() {
  const { cluster, client } = await scenario({ intervals: noRepair, limits: { cacheBytesMax: 0 } });
  const where = placed(cluster, "k");
  await client.put(where.first, "k", "v", { w: 3 });
  const { disk } = cluster.machine(where.first);
  for (const key of disk.keys("values")) disk.damage("values", key);
  return { cluster, client, ...where };
}
