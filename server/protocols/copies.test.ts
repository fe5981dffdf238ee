import { expect, test } from "vitest";
import type { NodeId } from "../ports/network.ts";
import {
  copies,
  hintsOf,
  keyWithHomes,
  noHandoff,
  noticed,
  placed,
  type Scenario,
  scenario,
} from "../simulation/scenario.ts";

const keys = Array.from({ length: 6 }, (_, index) => `k${index}`);

/** Nodes whose disk holds the write, in the main store or as a hint, whether they are up or not. */
async function holdersOf({ cluster }: Scenario, key: string, writeId: string): Promise<readonly NodeId[]> {
  const holders: NodeId[] = [];
  for (const node of cluster.nodeIds.filter((name) => cluster.isUp(name))) {
    const { main, hints } = await cluster.world.run(cluster.node(node).rawKey("default", key));
    const states = [...(main.type === "found" ? [main.state] : []), ...hints.map(({ state }) => state)];
    const isHeld = states.some(({ siblings }) => siblings.some((sibling) => sibling.writeId === writeId));
    if (isHeld) holders.push(node);
  }
  return holders;
}

test("every acknowledged version is on w nodes at all times, while nodes come and go and hints move", async () => {
  const all = await scenario({ seed: 3 });
  const { cluster, client } = all;
  const acknowledged = new Map<string, string>();
  let lookCount = 0;
  for (let round = 0; round < 12; round += 1) {
    const down = cluster.nodeIds[round % cluster.nodeIds.length] ?? "";
    cluster.crash(down);
    await noticed(cluster);
    const entry = cluster.nodeIds[(round + 1) % cluster.nodeIds.length] ?? "";
    for (const key of keys) {
      const { context } = await client.read(entry, key);
      await client.put(entry, key, `${round}`, { context, writeId: `${key}.${round}` });
      acknowledged.set(key, `${key}.${round}`);
    }
    await cluster.start(down);
    // While hints are on their way: delivered, and only then forgotten.
    for (let look = 0; look < 10; look += 1) {
      await cluster.world.runFor(150);
      for (const [key, writeId] of acknowledged) {
        lookCount += 1;
        expect((await holdersOf(all, key, writeId)).length).toBeGreaterThanOrEqual(2);
      }
    }
  }

  await cluster.settle();
  expect(lookCount).toBeGreaterThan(500);
  for (const [key, writeId] of acknowledged) expect(await holdersOf(all, key, writeId)).toHaveLength(3);
}, 60_000);

test("a hint is kept while its target has the write in memory only: no synced copy, no forgetting", async () => {
  const { cluster, client } = await scenario({
    nodeIds: ["green", "red", "gold", "blue"],
    partitionCount: 64,
  });
  const key = keyWithHomes(cluster, ["green", "red", "gold"]);
  cluster.crash("red");
  await noticed(cluster);
  await client.put("green", key, "v", { w: 3 });
  cluster.machine("red").disk.fault = "full";
  await cluster.tryStart("red");
  await cluster.world.runFor(5000);

  expect(await hintsOf(cluster, "blue")).toEqual([`red ${key}`]);
  if (!cluster.isUp("red")) cluster.machine("red").disk.fault = "none";
  cluster.crash("red");
  cluster.machine("red").disk.fault = "none";
  await cluster.start("red");
  await cluster.world.runFor(5000);
  expect(await hintsOf(cluster, "blue")).toEqual([]);
  expect((await copies(cluster, key))["red"]).toBe("v");
});

test("the holder of a hint is destroyed before it delivers: the trees bring back three copies", async () => {
  const { cluster, client } = await scenario({ intervals: noHandoff });
  const { homes, third, stranger } = placed(cluster, "k");
  cluster.crash(third);
  await noticed(cluster);
  await client.put(homes[0] ?? "", "k", "v", { w: 3 });
  const hints = await hintsOf(cluster, stranger);
  cluster.crash(stranger, "destroyed");
  cluster.machine(stranger).disk.wipe();

  await cluster.start(stranger);
  await noticed(cluster);
  await cluster.order(homes[0] ?? "", { type: "replace", nodeId: stranger });
  await cluster.start(third);
  await cluster.settle();

  expect(hints).toEqual([`${third} k`]);
  const held = await copies(cluster, "k");
  expect(homes.map((home) => held[home])).toEqual(["v", "v", "v"]);
});

test("a home for which no hint could be kept is compared with as soon as it is back, long before its turn", async () => {
  const { cluster, client } = await scenario({
    limits: { hintBytesMax: 0 },
    intervals: { antiEntropyMs: 1_000_000 },
  });
  const { first, third } = placed(cluster, "k");
  cluster.crash(third);
  await noticed(cluster);
  await client.put(first, "k", "v");
  await cluster.world.runFor(1500);
  const before = cluster.node(first).calm();

  await cluster.start(third);
  await cluster.world.runFor(6000);

  expect(before.isQuiet).toBe(false);
  expect((await copies(cluster, "k"))[third]).toBe("v");
});
