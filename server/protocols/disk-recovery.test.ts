import { describe, expect, test } from "vitest";
import { copies, eventsOf, noRepair, placed, scenario } from "../simulation/scenario.ts";

const value = new TextEncoder().encode("v2");

describe("a node whose disk is full", () => {
  test("acknowledges nothing, goes on reading, and says that it is read-only", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { homes, first } = placed(cluster, "k");
    await client.put(first, "k", "v1", { w: 3 });

    for (const home of homes) cluster.machine(home).disk.fault = "full";
    const write = await cluster.world.run(
      client.write(first, { bucket: "default", key: "k", value, w: 3, pw: 3 }),
    );

    expect(write).toMatchObject({ type: "info" });
    expect(cluster.node(first).health().isReadOnly).toBe(true);
    expect((await client.read(first, "k")).values).toEqual(["v1"]);
  });

  test("takes writes again when there is room, without a restart, and never under an epoch used before", async () => {
    const { cluster, client } = await scenario({ intervals: { ...noRepair, diskRecoveryMs: 200 } });
    const { first } = placed(cluster, "k");
    await client.put(first, "k", "v1", { w: 3 });
    const { disk } = cluster.machine(first);
    disk.fault = "full";
    const failed = await cluster.world.run(client.write(first, { bucket: "default", key: "k", value }));
    await cluster.world.runFor(1000);
    const whileFull = cluster.node(first).health().isReadOnly;

    disk.fault = "none";
    await cluster.world.runFor(1000);
    const { context } = await client.read(first, "k");
    const put = await client.put(first, "k", "v3", { context, w: 3 });

    expect(failed.type).not.toBe("fail");
    expect([whileFull, cluster.node(first).health().isReadOnly]).toEqual([true, false]);
    expect(eventsOf(cluster, "storage-recovered").map(({ node }) => node)).toEqual([first]);
    const dots = eventsOf(cluster, "write-minted").map(({ dot }) => `${dot.actor}:${dot.counter}`);
    expect(new Set(dots).size).toBe(dots.length);
    expect(put.coordinator).toBe(first);
    const [oldActor, newActor] = [dots[0], put.dot].map((dot) => dot?.split(":")[0]);
    expect(newActor).not.toBe(oldActor);
  });

  test("shows after its recovery what the disk holds, in reads and in its trees", async () => {
    const { cluster, client } = await scenario({ intervals: { diskRecoveryMs: 200 } });
    const { homes, first } = placed(cluster, "k");
    await client.put(first, "k", "v1", { w: 3 });
    const { context } = await client.read(first, "k");
    cluster.machine(first).disk.fault = "full";
    await cluster.world.run(client.write(first, { bucket: "default", key: "k", value, context }));

    cluster.machine(first).disk.fault = "none";
    await cluster.world.runFor(2000);
    await cluster.settle();

    const held = await copies(cluster, "k");
    expect(homes.map((home) => held[home])).toEqual(["v2", "v2", "v2"]);
  });
});

describe("a node whose disk fails a sync", () => {
  test("ends, and acknowledges nothing it was asked meanwhile", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair, nodeIds: ["n1", "n2", "n3"] });
    const { first } = placed(cluster, "k");
    cluster.machine(first).disk.fault = "broken";

    const writes = ["k", "l", "m"].map((key) =>
      client.write(first, { bucket: "default", key, value, w: 3, pw: 3 }),
    );
    const outcomes = await cluster.world.run(Promise.all(writes));

    expect(outcomes.map(({ type }) => type)).not.toContain("ok");
    expect(cluster.isUp(first)).toBe(false);
    expect(cluster.world.lines().join("\n")).toContain(`${first} failed: the sync failed`);
  });
});
