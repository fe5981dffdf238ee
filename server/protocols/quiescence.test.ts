import { describe, expect, test } from "vitest";
import { eventsOf, noRepair, noticed, placed, scenario } from "../simulation/scenario.ts";

describe("quiescence", () => {
  test("is there at once in a cluster where nothing is left to do", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    await client.put("n1", "k", "v", { w: 3 });
    await cluster.world.runFor(200);

    const calm = await cluster.world.run(cluster.node("n1").quiesce(5000));

    expect(calm).toMatchObject({ isQuiet: true, hintCount: 0, unreachablePeers: [] });
    expect(calm.reason).toBeUndefined();
  });

  test("is not there while a peer is down, and says so when its time is over", async () => {
    const { cluster } = await scenario();
    cluster.crash("n2");

    const beganMs = cluster.world.nowMs();
    const calm = await cluster.world.run(cluster.node("n1").quiesce(3000));

    expect(calm).toMatchObject({ isQuiet: false, reason: "Not reachable: n2." });
    expect(cluster.world.nowMs() - beganMs).toBeLessThan(4000);
  });

  test("is not there while hints are held, and is brought about by delivering them at once", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, third, stranger } = placed(cluster, "k");
    cluster.crash(third);
    await noticed(cluster);
    await client.put(first, "k", "v", { w: 3 });
    const before = cluster.node(stranger).calm();
    await cluster.start(third);
    await noticed(cluster);

    const after = await cluster.world.run(cluster.node(stranger).quiesce(5000));

    expect(before).toMatchObject({ isQuiet: false, hintCount: 1 });
    expect(after).toMatchObject({ isQuiet: true, hintCount: 0 });
  });

  test("does not wait for a home that missed writes for want of room, and was then removed", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair, limits: { hintBytesMax: 0 } });
    const { first, third } = placed(cluster, "k");
    cluster.crash(third);
    await noticed(cluster);
    await client.put(first, "k", "v");
    await cluster.world.runFor(2000);
    const before = cluster.node(first).calm();

    await cluster.order(first, { type: "remove", nodeId: third });
    await cluster.settle();

    expect(before.isQuiet).toBe(false);
    expect(eventsOf(cluster, "partition-dirty").map(({ peer }) => peer)).toContain(third);
    expect(cluster.node(first).calm()).toMatchObject({ isQuiet: true });
  });

  test("means equal roots wherever two nodes share a tree", async () => {
    const { cluster, client } = await scenario();
    for (let index = 0; index < 30; index += 1) await client.put("n1", `k${index}`, "v");
    await cluster.settle();

    const rootsOf = new Map<string, Set<string>>();
    for (const name of cluster.nodeIds) {
      for (const [tree, root] of cluster.node(name).calm().treeRoots) {
        rootsOf.set(tree, (rootsOf.get(tree) ?? new Set()).add(root));
      }
    }

    expect(rootsOf.size).toBe(8);
    expect([...rootsOf.values()].map((roots) => roots.size)).toEqual(Array.from({ length: 8 }, () => 1));
  });
});
