import { describe, expect, test } from "vitest";
import { scenario } from "../simulation/scenario.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";

const six = ["n1", "n2", "n3", "n4", "n5", "n6"];
const groups = [six.slice(0, 3), six.slice(3)];

const ringsOf = (cluster: SimulatedCluster) => six.map((name) => cluster.node(name).ring().hash);

describe("two groups that were started apart", () => {
  test("are one as soon as their seed is reached, and each has the other's data", async () => {
    const { cluster, client } = await scenario({ nodeIds: six, groups });
    await client.put("n1", "of the first", "1", { w: 3 });
    await client.put("n4", "of the second", "2", { w: 3 });

    cluster.heal();
    await cluster.world.runFor(30_000);
    await cluster.settle();

    expect(new Set(ringsOf(cluster)).size).toBe(1);
    expect(cluster.node("n5").ring().members).toHaveLength(6);
    expect((await client.read("n6", "of the first")).values).toEqual(["1"]);
    expect((await client.read("n2", "of the second")).values).toEqual(["2"]);
  });

  test("stay apart without one", async () => {
    const { cluster } = await scenario({ nodeIds: six, groups, seeds: [] });

    cluster.heal();
    await cluster.world.runFor(60_000);

    expect(new Set(ringsOf(cluster)).size).toBe(2);
  });
});

describe("nobody but an operator changes the ring", () => {
  test("a member that is dead for minutes stays one", async () => {
    const { cluster } = await scenario();
    const before = cluster.node("n1").ring().hash;
    cluster.crash("n3");

    await cluster.world.runFor(180_000);

    expect(cluster.node("n1").ring().hash).toBe(before);
  });

  test("a node that nobody let in owns nothing, and serves by asking members", async () => {
    const { cluster, client } = await scenario({ spareIds: ["n6"] });
    await cluster.start("n6");
    await cluster.world.runFor(3000);

    for (let index = 0; index < 20; index += 1) await client.put("n6", `k${index}`, "v");

    expect((await client.read("n6", "k3")).values).toEqual(["v"]);
    expect(cluster.machine("n6").disk.keys("values")).toEqual([]);
    expect(cluster.node("n1").ring().members).toHaveLength(5);
  });

  test("a wiped disk under a known name answers nobody until it is said to replace the old one", async () => {
    const { cluster, client } = await scenario();
    await client.put("n1", "k", "v", { w: 3 });
    cluster.crash("n2");
    cluster.machine("n2").disk.wipe();
    await cluster.start("n2");
    await cluster.world.runFor(3000);

    const refused = await cluster.world.run(client.get("n2", { bucket: "default", key: "k", r: 1 }));
    await cluster.order("n1", { type: "replace", nodeId: "n2" });
    await cluster.settle();

    expect(refused).toMatchObject({ type: "fail", error: "not-a-member" });
    expect((await client.read("n2", "k", { r: 1 })).values).toEqual(["v"]);
  });
});

describe("the history", () => {
  test("survives a restart alone, and is decided by numbers while the operator's clock is an hour slow", async () => {
    const { cluster } = await scenario();
    cluster.machine("n4").time.wallOffsetMs = -3_600_000;

    await cluster.order("n4", { type: "leave", nodeId: "n5" });
    await cluster.settle();
    for (const name of cluster.nodeIds) cluster.crash(name);
    await cluster.start("n1");

    expect(
      cluster
        .node("n1")
        .ring()
        .members.map(({ nodeId }) => nodeId),
    ).toEqual(["n1", "n2", "n3", "n4"]);
  });
});
