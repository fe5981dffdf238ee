import { describe, expect, test } from "vitest";
import { lossKey } from "../ports/storage.ts";
import { eventsOf, noRepair, placed, type Scenario, scenario } from "../simulation/scenario.ts";
import type { SimulatedDisk } from "../simulation/simulated-storage.ts";

const keys = Array.from({ length: 24 }, (_, index) => `k${index}`);
const strict = { buckets: { default: { sloppy: false } }, intervals: noRepair };

function plantLoss(disk: SimulatedDisk): void {
  const bytes = new TextEncoder().encode("The log is damaged in the middle.");
  disk.apply([{ type: "put", space: "meta", key: lossKey, bytes }]);
  disk.sync();
}

function recordsOf(disk: SimulatedDisk): ReadonlyMap<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  for (const key of disk.keys("values")) {
    const read = disk.read("values", key);
    if (read.type === "found") records.set(key, read.bytes);
  }
  return records;
}

/** What a store may look like that has noticed a loss; `earlier` is how the records once stood. */
const losses: readonly [
  what: string,
  lose: (disk: SimulatedDisk, earlier: ReadonlyMap<string, Uint8Array>) => void,
][] = [
  [
    "the end of its log is gone",
    (disk) => {
      for (const key of disk.keys("values")) disk.forge("values", key, undefined);
    },
  ],
  [
    "an older state has come back",
    (disk, earlier) => {
      for (const [key, bytes] of earlier) disk.forge("values", key, bytes);
    },
  ],
  ["it was set aside whole", (disk) => disk.wipe()],
];

/** Five nodes, each key written twice everywhere; n1 is down and its store is no longer what it was. */
async function afterLoss(lose: (typeof losses)[number][1]): Promise<Scenario> {
  const given = await scenario(strict);
  const { cluster, client } = given;
  for (const key of keys) await client.put("n2", key, "first", { w: 3 });
  const earlier = recordsOf(cluster.machine("n1").disk);
  for (const key of keys) {
    const { context } = await client.read("n2", key);
    await client.put("n2", key, "second", { w: 3, context });
  }
  await cluster.stop("n1");
  const { disk } = cluster.machine("n1");
  lose(disk, earlier);
  plantLoss(disk);
  return given;
}

/** What reads of one reply say of all keys, asked of every node: only what is not the last write. */
async function wrongAnswers({ cluster, client }: Scenario): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const entry of cluster.nodeIds) {
    for (const key of keys) {
      const outcome = await cluster.world.run(client.get(entry, { bucket: "default", key, r: 1 }));
      if (outcome.type !== "ok") continue;
      const values = outcome.siblings.map(({ value }) => new TextDecoder().decode(value)).join();
      if (values !== "second") wrong.push(`${entry} says of ${key}: ${values}`);
    }
  }
  return wrong;
}

describe.each(losses)("a node whose store says that records are lost, and %s", (_, lose) => {
  test("answers for nothing, is given everything again by its peers, and then serves", async () => {
    const given = await afterLoss(lose);
    const { cluster } = given;
    const before = cluster.events.length;

    await cluster.start("n1");
    const wrong: string[] = [];
    for (let look = 0; look < 12; look += 1) {
      wrong.push(...(await wrongAnswers(given)));
      await cluster.world.runFor(200);
    }
    await cluster.settle();

    expect(wrong).toEqual([]);
    expect(await wrongAnswers(given)).toEqual([]);
    const { members } = cluster.node("n3").membership();
    expect(members.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => "valid"));
    const held = cluster.events
      .slice(before)
      .filter(({ node, event }) => node === "n1" && event.type === "tree-held");
    expect(held.length).toBeGreaterThan(0);
    expect(eventsOf(cluster, "records-lost").map(({ node }) => node)).toEqual(["n1"]);
    const { disk } = cluster.machine("n1");
    const own = keys.filter((key) => placed(cluster, key).homes.includes("n1"));
    expect(own.length).toBeGreaterThan(0);
    expect(disk.keys("values")).toHaveLength(own.length);
  });

  test("does not count for a quorum while the others who hold the key are down", async () => {
    const given = await afterLoss(lose);
    const { cluster, client } = given;
    const key = keys.find((one) => placed(cluster, one).homes.includes("n1")) ?? "";
    await cluster.start("n1");
    for (const home of placed(cluster, key).homes) if (home !== "n1") cluster.crash(home);

    const entries = cluster.nodeIds.filter((name) => cluster.isUp(name));
    const outcomes = await Promise.all(
      entries.map((entry) => cluster.world.run(client.get(entry, { bucket: "default", key, r: 1 }))),
    );

    expect(outcomes.map(({ type }) => type)).toEqual(entries.map(() => "fail"));
  });

  test("never repeats a dot: it is somebody else", async () => {
    const given = await afterLoss(lose);
    const { cluster, client } = given;
    await cluster.start("n1");
    await cluster.settle();

    for (const key of keys) await client.put("n1", key, "third", { w: 3 });

    const minted = eventsOf(cluster, "write-minted").filter(({ isRetry }) => !isRetry);
    const dots = minted.map(({ key, dot }) => `${key} ${dot.actor}:${dot.counter}`);
    expect(new Set(dots).size).toBe(dots.length);
  });
});

test("a node that was killed before it had its place takes it at the next start", async () => {
  const given = await afterLoss((disk) => disk.wipe());
  const { cluster } = given;
  cluster.partition(["n1"], ["n2", "n3", "n4", "n5"]);
  await cluster.start("n1");
  await cluster.world.runFor(300);
  cluster.crash("n1");
  cluster.heal();

  await cluster.start("n1");
  await cluster.settle();

  expect(await wrongAnswers(given)).toEqual([]);
  expect(
    cluster
      .node("n1")
      .membership()
      .members.map(({ state }) => state),
  ).toContain("valid");
});

test("a disk that was wiped behind the node's back is nobody's, and answers nothing, until an operator says so", async () => {
  const given = await afterLoss(() => undefined);
  const { cluster, client } = given;
  cluster.machine("n1").disk.wipe();
  await cluster.start("n1");
  await cluster.world.runFor(5000);
  const before = await wrongAnswers(given);
  const outcome = await cluster.world.run(client.get("n1", { bucket: "default", key: "k1", r: 1 }));

  await cluster.order("n2", { type: "replace", nodeId: "n1" });
  await cluster.settle();

  expect(before).toEqual([]);
  expect(outcome).toMatchObject({ type: "fail", error: "not-a-member" });
  expect(await wrongAnswers(given)).toEqual([]);
});
