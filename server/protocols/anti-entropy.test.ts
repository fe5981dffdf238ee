import { describe, expect, test } from "vitest";
import {
  copies,
  eventsOf,
  messageCount,
  noHandoff,
  noRepair,
  noticed,
  placed,
  scenario,
} from "../simulation/scenario.ts";

/** No hints can be kept and nobody reads, so whatever is mended is mended by comparing trees. */
const treesAlone = { intervals: { ...noHandoff, antiEntropyMs: 500 }, limits: { hintBytesMax: 0 } };

describe("comparing trees", () => {
  test("mends, alone, what a replica missed while it was down", async () => {
    const { cluster, client } = await scenario(treesAlone);
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
    cluster.crash("n3");
    await noticed(cluster);
    for (const key of keys) await client.put("n1", key, `of ${key}`);

    await cluster.start("n3");
    await cluster.world.runFor(20_000);

    for (const key of keys) {
      const { homes } = placed(cluster, key);
      const held = await copies(cluster, key);
      expect(homes.map((home) => held[home])).toEqual(homes.map(() => `of ${key}`));
    }
    expect(eventsOf(cluster, "hint-delivered")).toEqual([]);
    expect(eventsOf(cluster, "key-repaired").length).toBeGreaterThan(0);
  });

  test("carries differences both ways, deletes among them", async () => {
    const { cluster, client } = await scenario({ ...treesAlone, nodeIds: ["n1", "n2", "n3"] });
    await client.put("n1", "gone", "v");
    await cluster.settle();
    const { context } = await client.read("n1", "gone");
    cluster.partition(["n1"], ["n2", "n3"]);
    await noticed(cluster);
    await client.put("n1", "gone", null, { context, w: 1 });
    await client.put("n2", "new", "w");

    cluster.heal();
    await cluster.world.runFor(20_000);

    expect(await copies(cluster, "gone")).toEqual({ n1: "x", n2: "x", n3: "x" });
    expect(await copies(cluster, "new")).toEqual({ n1: "w", n2: "w", n3: "w" });
  });

  test("stops at the roots when they are equal: one message a peer, whatever the number of keys", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair, nodeIds: ["n1", "n2", "n3"] });
    for (let index = 0; index < 50; index += 1) await client.put("n1", `k${index}`, "v", { w: 3 });
    await cluster.settle();
    const from = cluster.world.lines().length;

    await cluster.world.run(cluster.node("n1").quiesce(5000));

    // Two passes over two peers.
    expect(messageCount(cluster, "tree-roots", from)).toBe(4);
    expect(messageCount(cluster, "tree-hashes", from)).toBe(0);
    expect(messageCount(cluster, "tree-keys", from)).toBe(0);
    expect(messageCount(cluster, "exchange", from)).toBe(0);
  });

  test("finds one differing key among many with a handful of messages", async () => {
    const { cluster, client } = await scenario({ ...treesAlone, intervals: noRepair });
    for (let index = 0; index < 100; index += 1) await client.put("n1", `k${index}`, "v", { w: 3 });
    await cluster.settle();
    const { first, third } = placed(cluster, "k7");
    cluster.links.cut(first, third);
    await client.put(first, "k7", "w");
    await cluster.world.runFor(2000);
    cluster.heal();
    await noticed(cluster);
    const from = cluster.world.lines().length;

    await cluster.world.run(cluster.node(first).quiesce(5000));

    expect((await copies(cluster, "k7"))[third]).toBe("v w");
    expect(messageCount(cluster, "tree-hashes", from)).toBe(2);
    // Looked at twice.
    expect(messageCount(cluster, "tree-keys", from)).toBe(2);
    expect(messageCount(cluster, "exchange", from)).toBe(1);
  });

  test("costs bytes that grow with the differences and hardly with the keys, and a constant when nothing differs", async () => {
    const equal = { few: await treeBytes(100, 0), many: await treeBytes(1600, 0) };
    const one = { few: await treeBytes(100, 1), many: await treeBytes(1600, 1) };
    const eight = await treeBytes(1600, 8);

    // One message with the roots of all trees, and its reply.
    expect(equal.many).toBe(equal.few);
    // Sixteen times the keys: the same levels of the tree, and fuller leaves at its end.
    expect(one.many - equal.many).toBeLessThan((one.few - equal.few) * 2);
    expect(eight - equal.many).toBeLessThan((one.many - equal.many) * 8.5);
    // All keys of one partition with their hashes alone would be more than this.
    expect(one.many).toBeLessThan((1600 / 8) * 45);
  }, 60_000);

  test("mends a damaged record and an emptied disk", async () => {
    const { cluster, client } = await scenario({
      ...treesAlone,
      intervals: noRepair,
      nodeIds: ["n1", "n2", "n3"],
    });
    for (let index = 0; index < 20; index += 1) await client.put("n1", `k${index}`, "v", { w: 3 });
    const [damaged = ""] = cluster.machine("n2").disk.keys("values");
    cluster.crash("n2");
    cluster.crash("n3");
    cluster.machine("n2").disk.damage("values", damaged);
    cluster.machine("n3").disk.wipe();
    await cluster.start("n2");
    await cluster.start("n3");
    await cluster.world.runFor(2000);
    await cluster.order("n1", { type: "replace", nodeId: "n3" });

    await cluster.settle();

    for (let index = 0; index < 20; index += 1) {
      expect(await copies(cluster, `k${index}`)).toEqual({ n1: "v", n2: "v", n3: "v" });
    }
  });

  test("mends damage that nobody reads, since rounds read the store through", async () => {
    const { cluster, client } = await scenario({ ...treesAlone, nodeIds: ["n1", "n2", "n3"] });
    await client.put("n1", "k", "v", { w: 3 });
    await cluster.settle();
    const [damaged = ""] = cluster.machine("n2").disk.keys("values");
    cluster.machine("n2").disk.damage("values", damaged);

    await cluster.world.runFor(25_000);

    expect(eventsOf(cluster, "record-quarantined")[0]).toMatchObject({ node: "n2", key: "k" });
    expect(cluster.machine("n2").disk.read("values", damaged).type).toBe("found");
  });

  test("trees grown from the disk after a restart equal those that were never down", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair, nodeIds: ["n1", "n2", "n3"] });
    for (let index = 0; index < 300; index += 1) await client.put("n1", `k${index}`, "v", { w: 3 });
    await cluster.stop("n2");
    await cluster.start("n2");
    await cluster.world.runFor(100);

    const roots = cluster.nodeIds.map((name) => [...cluster.node(name).calm().treeRoots]);

    expect(roots[1]).toEqual(roots[0]);
    expect(roots[2]).toEqual(roots[0]);
    const built = eventsOf(cluster, "trees-built").filter(({ node }) => node === "n2");
    expect(built.at(-1)?.keyCount).toBe(300);
  });

  test("buckets with other numbers of copies have trees of their own, and settle too", async () => {
    const { cluster, client } = await scenario({
      buckets: { pair: { n: 2, r: 1, w: 1 }, all: { n: 5, r: 3, w: 3 } },
    });
    for (let index = 0; index < 20; index += 1) {
      for (const bucket of ["default", "pair", "all"]) await client.put("n1", `k${index}`, "v", { bucket });
    }

    await cluster.settle();

    expect(Object.values(await copies(cluster, "k3", "pair")).filter((held) => held === "v")).toHaveLength(2);
    expect(Object.values(await copies(cluster, "k3", "all")).filter((held) => held === "v")).toHaveLength(5);
  });
});

/** Bytes of tree messages, both ways, of one comparison between two nodes of `keyCount` keys, of which some differ. */
async function treeBytes(keyCount: number, differingCount: number): Promise<number> {
  const { cluster, client } = await scenario({
    nodeIds: ["n1", "n2"],
    buckets: { default: { n: 2, r: 1, w: 2, readRepair: "off" } },
    intervals: noRepair,
    limits: { hintBytesMax: 0 },
  });
  for (let index = 0; index < keyCount; index += 1) await client.put("n1", `k${index}`, "v");
  cluster.partition(["n1"], ["n2"]);
  await noticed(cluster);
  for (let index = 0; index < differingCount; index += 1) await client.put("n1", `k${index}`, "w", { w: 1 });
  cluster.heal();
  await noticed(cluster);
  const bytes = () =>
    ["tree-roots", "tree-hashes", "tree-keys", "reply hashes", "reply keys"].reduce(
      (sum, label) => sum + cluster.links.byteCount(label),
      0,
    );
  const before = bytes();
  await cluster.world.run(cluster.node("n1").quiesce(5000));
  expect(await copies(cluster, "k0")).toEqual({
    n1: differingCount > 0 ? "v w" : "v",
    n2: differingCount > 0 ? "v w" : "v",
  });
  return bytes() - before;
}
