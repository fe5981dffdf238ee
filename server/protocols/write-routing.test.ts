import { describe, expect, test } from "vitest";
import { eventsOf, messageCount, noRepair, noticed, placed, scenario } from "../simulation/scenario.ts";

describe("the coordinator of a write", () => {
  test("is the node that was asked, if that is a home: no hop", async () => {
    const { cluster, client } = await scenario();
    const { homes } = placed(cluster, "k");

    for (const home of homes) expect((await client.put(home, "k", "v")).coordinator).toBe(home);

    expect(messageCount(cluster, "forward-write")).toBe(0);
  });

  test("is the first healthy home if a stranger was asked: one hop", async () => {
    const { cluster, client } = await scenario();
    const { first, second, stranger } = placed(cluster, "k");

    const direct = await client.put(stranger, "k", "v");
    cluster.crash(first);
    await noticed(cluster);
    const routed = await client.put(stranger, "k", "w");

    expect(direct.coordinator).toBe(first);
    expect(routed.coordinator).toBe(second);
    expect(messageCount(cluster, "forward-write")).toBe(2);
  });

  test("is the home that answered the client's read first, as its context says", async () => {
    const { cluster, client } = await scenario();
    const { first, third, stranger } = placed(cluster, "k");
    await client.put(first, "k", "v");
    const { context } = await client.read(third, "k");

    const put = await client.put(stranger, "k", "w", { context });

    expect(put.coordinator).toBe(third);
  });

  test("is another one when the node in the context is down", async () => {
    const { cluster, client } = await scenario();
    const { first, third, stranger } = placed(cluster, "k");
    await client.put(first, "k", "v");
    const { context } = await client.read(third, "k");
    cluster.crash(third);
    await noticed(cluster);

    const put = await client.put(stranger, "k", "w", { context });

    expect(put.coordinator).toBe(first);
    expect((await client.read(first, "k")).values).toEqual(["w"]);
  });
});

describe("forwarding", () => {
  test("is over one hop at most, though a forwarded write may come to a node that is no home", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { homes, stranger, otherStranger } = placed(cluster, "k");
    // Only the stranger believes that every home is down, so only to it the other fallback is the coordinator.
    for (const home of homes) {
      cluster.links.cut(otherStranger, home);
      cluster.links.cut(home, otherStranger);
    }
    await noticed(cluster);
    const from = cluster.world.lines().length;

    const put = await client.put(otherStranger, "k", "v", { w: 1 });

    expect(put.coordinator).toBe(stranger);
    expect(messageCount(cluster, "forward-write", from)).toBe(1);
  });

  test("to a node that is silent is doubled by the next one, and is still one version", async () => {
    const { cluster, client } = await scenario();
    const { first, second, stranger } = placed(cluster, "k");
    cluster.machine(first).process.pause();

    const put = await client.put(stranger, "k", "v", { writeId: "w" });
    cluster.machine(first).process.resume();
    await cluster.settle();

    expect(put.coordinator).toBe(second);
    expect((await client.read(stranger, "k", { r: 3 })).values).toEqual(["v"]);
  });

  test("to nobody who answers is unknown, not failed, and asks two at a time", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { homes, stranger, otherStranger } = placed(cluster, "k");
    for (const home of [...homes, otherStranger]) cluster.machine(home).process.pause();

    const write = { bucket: "default", key: "k", value: new Uint8Array(1), timeoutMs: 300 };
    const outcome = await cluster.world.run(client.write(stranger, write));

    expect(outcome.type).toBe("info");
    expect(eventsOf(cluster, "write-forwarded")).toHaveLength(2);
  });

  test("to homes that are silent does not keep a sloppy write waiting: the node that was asked takes it", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { homes, stranger, otherStranger } = placed(cluster, "k");
    cluster.partition([stranger], [...homes, otherStranger]);

    const put = await client.put(stranger, "k", "v", { w: 1, timeoutMs: 300 });

    expect(put.coordinator).toBe(stranger);
    expect(put.degraded).toBe(true);
  });

  test("of a write that waited in a stopped node is refused when it wakes", async () => {
    const { cluster, client } = await scenario();
    const { first, stranger } = placed(cluster, "k");
    cluster.machine(first).process.pause();
    await client.put(stranger, "k", "v");
    await cluster.world.runFor(3000);
    const mintedBefore = eventsOf(cluster, "write-minted").length;

    cluster.machine(first).process.resume();
    await cluster.world.runFor(3000);

    expect(eventsOf(cluster, "write-minted")).toHaveLength(mintedBefore);
    expect(messageCount(cluster, "forward-write")).toBeGreaterThan(1);
  });
});
