import { describe, expect, test } from "vitest";
import type { Strategy } from "../core/strategy.ts";
import { copies, noticed, type Scenario, scenario } from "../simulation/scenario.ts";

const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
const nodeIds = ["n1", "n2", "n3", "n4", "n5"];
const tokensOnly: Strategy = { strategy: 1, tokensPerNode: 8 };
const placedByTokens: Strategy = { strategy: 2, tokensPerNode: 8, partitions: 32 };
const dealtOut: Strategy = { strategy: 3, partitions: 32 };

/** Five nodes and, on a machine of its own, a sixth that nobody has let in. */
async function startedWith(placement: Strategy): Promise<Scenario> {
  const given = await scenario({ nodeIds, spareIds: ["n6"], placement });
  for (const key of keys) await given.client.put("n1", key, "first");
  await given.cluster.start("n6");
  await given.cluster.world.runFor(3000);
  return given;
}

/** What each home of a key has, in the order of the list. */
async function onHomes({ cluster }: Scenario, key: string): Promise<readonly (string | undefined)[]> {
  const held = await copies(cluster, key);
  return cluster
    .node("n1")
    .preference("default", key)
    .homes.map((home) => held[home]);
}

describe.each([
  [1, tokensOnly, 40],
  [2, placedByTokens, 32],
  [3, dealtOut, 32],
] as const)("a cluster started with strategy %i", (_number, placement, rangeCount) => {
  test("reads, writes, keeps hints for a node that is away, and mends a disk that was emptied", async () => {
    const all = await startedWith(placement);
    const { cluster, client } = all;
    cluster.crash("n2");
    await noticed(cluster);
    for (const key of keys) {
      const { context } = await client.read("n3", key);
      await client.put("n4", key, "second", { context });
    }
    const hinted = nodeIds.filter((name) => cluster.isUp(name) && cluster.node(name).health().hintCount > 0);
    await cluster.start("n2");
    await cluster.settle();
    const [lost = ""] = keys;
    const [home = ""] = cluster.node("n1").preference("default", lost).homes;
    const [record = ""] = cluster
      .machine(home)
      .disk.keys("values")
      .filter((name) => name.endsWith(lost));
    cluster.crash(home);
    cluster.machine(home).disk.forge("values", record, undefined);
    await cluster.start(home);
    await cluster.settle();

    expect(cluster.node("n1").ring().partitions).toHaveLength(rangeCount);
    expect(hinted).not.toEqual([]);
    for (const key of keys) {
      expect(await onHomes(all, key)).toEqual(["second", "second", "second"]);
      expect((await client.read("n6", key)).values).toEqual(["second"]);
    }
  });
});

describe("members come and go", () => {
  test.each([
    [2, placedByTokens],
    [3, dealtOut],
  ] as const)("under strategy %i, whose partitions stay: nothing is lost", async (_number, placement) => {
    const all = await startedWith(placement);
    const { cluster, client } = all;

    await cluster.order("n1", { type: "join", nodeId: "n6" });
    await cluster.settle();
    await cluster.order("n1", { type: "leave", nodeId: "n4" });
    await cluster.settle();

    expect(
      cluster
        .node("n1")
        .ring()
        .members.map(({ nodeId }) => nodeId),
    ).toEqual(["n1", "n2", "n3", "n5", "n6"]);
    for (const key of keys) {
      expect((await client.read("n6", key, { r: 3 })).values).toEqual(["first"]);
    }
  });

  test("but not under strategy 1, whose ranges are cut at their tokens: the order is refused with a sentence", async () => {
    const all = await startedWith(tokensOnly);
    const { cluster, client } = all;
    const before = cluster.node("n1").ring().hash;

    for (const order of [
      { type: "join", nodeId: "n6" },
      { type: "leave", nodeId: "n4" },
      { type: "remove", nodeId: "n4" },
    ] as const) {
      const ordered = await cluster.world.run(cluster.node("n1").order(order));
      expect(ordered).toEqual({ type: "refused", detail: expect.stringContaining("strategy 1") });
    }
    await cluster.settle();

    expect(cluster.node("n1").ring().hash).toBe(before);
    for (const key of keys) expect((await client.read("n5", key, { r: 3 })).values).toEqual(["first"]);
  });
});
