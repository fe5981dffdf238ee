import { describe, expect, test } from "vitest";
import type { Dump } from "./protocols/inspection.ts";
import { copies, eventsOf, noRepair, placed, scenario } from "./simulation/scenario.ts";
import { SimulatedCluster } from "./simulation/simulated-cluster.ts";

const put = (key: string) => ({ bucket: "default", key, value: new Uint8Array(1) });

describe("a node", () => {
  test("says who and how it is", async () => {
    const { cluster } = await scenario();

    const health = cluster.node("n1").health();

    expect(health).toMatchObject({
      nodeId: "n1",
      boot: 1,
      phase: "serving",
      isReadOnly: false,
      areTreesBuilt: true,
      requestsInFlight: 0,
      hintCount: 0,
      hintBytes: 0,
    });
    expect(health.peers).toEqual(["n2", "n3", "n4", "n5"].map((nodeId) => ({ nodeId, isReachable: true })));
  });

  test("has the same ring as every other, with N homes and all others as fallbacks", async () => {
    const { cluster } = await scenario({ partitionCount: 64 });
    const rings = cluster.nodeIds.map((name) => cluster.node(name).ring());

    for (const ring of rings) expect(ring).toEqual(rings[0]);
    expect(rings[0]?.partitions).toHaveLength(64);
    for (const order of rings[0]?.partitions ?? []) expect(order.toSorted()).toEqual(cluster.nodeIds);
    const { homes, fallbacks } = placed(cluster, "k");
    expect([...homes, ...fallbacks].toSorted()).toEqual(cluster.nodeIds);
    expect(homes).toHaveLength(3);
  });

  test("refuses before its start and after its stop, as values", async () => {
    const { cluster } = await scenario();
    const node = cluster.node("n1");
    await cluster.stop("n1");

    expect(await node.get({ bucket: "default", key: "k" })).toMatchObject({
      type: "fail",
      error: "shutting-down",
    });
    expect(await node.write(put("k"))).toMatchObject({ type: "fail", error: "shutting-down" });
    expect(node.health().phase).toBe("stopped");
  });

  test("stops after what is under way has ended, keeps its data, and goes on under its old epochs", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first } = placed(cluster, "k");
    const underWay = client.write(first, put("k"));
    await cluster.stop(first);
    const outcome = await cluster.world.run(underWay);
    await cluster.start(first);
    await cluster.world.runFor(100);
    await client.put(first, "k", "again");

    expect(outcome.type).toBe("ok");
    expect(eventsOf(cluster, "stopped")).toMatchObject([{ node: first, isClean: true }]);
    expect(eventsOf(cluster, "epoch-minted")).toHaveLength(1);
  });

  test("stops after a write that another node forwarded, and keeps what a silent home has missed of it", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, third, stranger } = placed(cluster, "k");
    cluster.machine(third).process.pause();
    const { disk } = cluster.machine(first);
    disk.readDelayMs = 30;
    const underWay = client.write(stranger, { ...put("k"), timeoutMs: 400 });
    await cluster.world.runFor(10);

    await cluster.stop(first);
    const outcome = await cluster.world.run(underWay);

    expect(outcome).toMatchObject({ type: "ok", coordinator: first });
    expect(eventsOf(cluster, "stopped")).toMatchObject([{ node: first, isClean: true }]);
    expect(disk.keys("hints").map((key) => key.split("/")[0])).toEqual([third]);
  });

  test("that is stopped while it starts begins nothing any more, at whatever step", async () => {
    for (let stepCount = 0; stepCount < 12; stepCount += 1) {
      const cluster = new SimulatedCluster({ seed: 1, nodeIds: ["n1"] });
      const starting = cluster.beginStart("n1");
      for (let step = 0; step < stepCount; step += 1) await cluster.world.step();
      const node = cluster.node("n1");
      const wasServing = node.health().phase === "serving";

      const [outcome] = await cluster.world.run(Promise.all([starting, node.stop()]));

      expect(outcome.type).toBe(wasServing ? "ok" : "failed");
      expect(node.health().phase).toBe("stopped");
    }
  });

  test("takes fresh epochs after it was killed", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first } = placed(cluster, "k");
    await client.put(first, "k", "before");
    cluster.crash(first);
    await cluster.start(first);
    await cluster.world.runFor(100);

    await client.put(first, "k", "after");

    expect(eventsOf(cluster, "epoch-minted").map(({ reason }) => reason)).toEqual([
      "first-coordination",
      "unclean-stop",
    ]);
  });

  test("sheds what is beyond its limit, definitely", async () => {
    const { cluster, client } = await scenario({ limits: { requestsInFlightMax: 5 } });

    const outcomes = await cluster.world.run(
      Promise.all(Array.from({ length: 12 }, (_, index) => client.write("n1", put(`k${index}`)))),
    );

    const shed = outcomes.filter((outcome) => outcome.type === "fail");
    expect(shed).toHaveLength(7);
    for (const outcome of shed) expect(outcome).toMatchObject({ error: "overloaded" });
  });

  test("dumps its main store page by page, each record once, with the hash that all homes agree on", async () => {
    const { cluster, client } = await scenario({ nodeIds: ["n1", "n2", "n3"] });
    for (let index = 0; index < 25; index += 1) await client.put("n1", `k${index}`, "v", { w: 3 });

    const pagesOf = async (name: string) => {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Dump | undefined = await cluster.world.run(cluster.node(name).dump(after, 10));
        expect(page?.entries.length).toBeLessThanOrEqual(10);
        seen.push(...(page?.entries.map(({ key, hash }) => `${key} ${hash}`) ?? []));
        after = page?.next ?? null;
      } while (after !== null);
      return seen;
    };

    const dumped = await pagesOf("n1");
    expect(dumped).toHaveLength(25);
    expect(new Set(dumped).size).toBe(25);
    expect(await pagesOf("n2")).toEqual(dumped);
    expect(await pagesOf("n3")).toEqual(dumped);
  });

  test("that cannot read its disk when it starts says why, and does not serve", async () => {
    const { cluster } = await scenario();
    cluster.crash("n1");
    cluster.machine("n1").disk.fault = "full";

    const outcome = await cluster.tryStart("n1");

    expect(outcome).toEqual({
      type: "failed",
      reason: "The disk refused the start to be recorded: no space left on the device",
    });
    expect(cluster.node("n1").calm().isQuiet).toBe(false);
  });

  test("serves everything it held after a crash, hint store and main store alike", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    await client.put("n1", "k", "v", { w: 3 });

    for (const name of cluster.nodeIds) cluster.cutPower(name);
    for (const name of cluster.nodeIds) await cluster.start(name);
    await cluster.world.runFor(3500);

    const { homes } = placed(cluster, "k");
    const held = await copies(cluster, "k");
    expect(homes.map((home) => held[home])).toEqual(["v", "v", "v"]);
    expect((await client.read("n2", "k")).values).toEqual(["v"]);
  });
});
