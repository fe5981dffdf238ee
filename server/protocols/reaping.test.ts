import { describe, expect, test } from "vitest";
import {
  copies,
  eventsOf,
  hintsOf,
  noAntiEntropy,
  noHandoff,
  noticed,
  placed,
  type Scenario,
  scenario,
} from "../simulation/scenario.ts";
import type { ClusterPlan } from "../simulation/simulated-cluster.ts";

const graceMs = 10_000;
const quick = { reapMs: 1000, reapGraceMs: graceMs };

async function begun(plan: Partial<ClusterPlan> = {}) {
  return scenario({ ...plan, intervals: { ...quick, ...plan.intervals } });
}

/** A key that was written and deleted, with a context of the deletion. */
async function deleted({ client }: Scenario, key: string, bucket = "default") {
  await client.put("n1", key, "v", { bucket, writeId: `${key} written`, w: 3 });
  const { context } = await client.read("n1", key, { bucket });
  await client.put("n1", key, null, { bucket, context, writeId: `${key} deleted`, w: 3 });
  return (await client.read("n1", key, { bucket })).context;
}

const reapedAt = ({ cluster }: Scenario) => eventsOf(cluster, "tombstone-reaped").map(({ node }) => node);

describe("a deleted key", () => {
  test("is gone from every home when it has lain there unchanged for the grace, and not before", async () => {
    const all = await begun();
    await deleted(all, "k");
    const { homes } = placed(all.cluster, "k");

    await all.cluster.world.runFor(graceMs - 1000);
    const early = reapedAt(all);
    await all.cluster.world.runFor(4000);

    expect(early).toEqual([]);
    expect(reapedAt(all).toSorted()).toEqual(homes.toSorted());
    expect(await copies(all.cluster, "k")).toEqual({ n1: "-", n2: "-", n3: "-", n4: "-", n5: "-" });
    expect(await all.client.read("n2", "k")).toMatchObject({ values: [], tombstones: [] });
    await all.cluster.settle();
  });

  test("stays in a bucket that keeps tombstones", async () => {
    const all = await begun({ buckets: { kept: { tombstones: "keep" } } });
    await deleted(all, "k", "kept");

    await all.cluster.world.runFor(graceMs * 3);

    expect(reapedAt(all)).toEqual([]);
    expect((await all.client.read("n1", "k", { bucket: "kept" })).tombstones).toEqual(["k deleted"]);
  });

  test("is found again after a restart of everybody, and then reaped", async () => {
    const all = await begun();
    await deleted(all, "k");
    for (const node of all.cluster.nodeIds) {
      all.cluster.crash(node);
      await all.cluster.start(node);
    }

    await all.cluster.world.runFor(graceMs + 4000);

    expect(reapedAt(all)).toHaveLength(3);
  });

  test("starts its grace anew with every change", async () => {
    const all = await begun();
    await deleted(all, "k");
    await all.cluster.world.runFor(graceMs - 2000);
    const { context } = await all.client.read("n1", "k");
    await all.client.put("n1", "k", "again", { context, w: 3 });
    const again = await all.client.read("n1", "k");
    await all.client.put("n1", "k", null, { context: again.context, w: 3 });

    await all.cluster.world.runFor(4000);
    expect(reapedAt(all)).toEqual([]);

    await all.cluster.world.runFor(graceMs);
    expect(reapedAt(all)).toHaveLength(3);
  });
});

describe("nothing is reaped", () => {
  test("while a home is cut off, however long and whatever its wall clock says; it cannot bring the value back", async () => {
    const all = await begun({ intervals: noHandoff });
    const { third, homes } = placed(all.cluster, "k");
    await all.client.put("n1", "k", "v", { w: 3 });
    const { context } = await all.client.read("n1", "k");
    all.cluster.partition(
      [third],
      all.cluster.nodeIds.filter((node) => node !== third),
    );
    for (const node of all.cluster.nodeIds) all.cluster.machine(node).time.wallOffsetMs += 86_400_000;
    await all.client.put(homes.find((home) => home !== third) ?? "", "k", null, { context });
    await all.cluster.world.runFor(graceMs * 5);
    const during = reapedAt(all);

    all.cluster.heal();
    await all.cluster.world.runFor(graceMs * 4);

    expect(during).toEqual([]);
    expect((await all.client.read(third, "k", { r: 3 })).values).toEqual([]);
  });

  test("while somebody holds a hint of the key, even one who is no home", async () => {
    const all = await begun({ intervals: { ...noHandoff, ...noAntiEntropy } });
    const { first, third, stranger } = placed(all.cluster, "k");
    await all.client.put(first, "k", "v", { w: 3 });
    const { context } = await all.client.read(first, "k");
    all.cluster.crash(third);
    await all.cluster.world.runFor(5000);
    await all.client.put(first, "k", null, { context, w: 3 });
    await all.cluster.start(third);
    await all.client.read(first, "k", { r: 3 });

    await all.cluster.world.runFor(graceMs * 3);

    expect(await hintsOf(all.cluster, stranger)).toEqual([`${third} k`]);
    expect(reapedAt(all)).toEqual([]);
  });

  test("while one member, home or not, has not run through the grace", async () => {
    const all = await begun();
    await deleted(all, "k");
    const { stranger } = placed(all.cluster, "k");
    await all.cluster.world.runFor(graceMs - 2000);
    all.cluster.machine(stranger).process.pause();
    await all.cluster.world.runFor(700);
    all.cluster.machine(stranger).process.resume();

    await all.cluster.world.runFor(graceMs - 2000);
    expect(reapedAt(all)).toEqual([]);

    await all.cluster.world.runFor(5000);
    expect(reapedAt(all)).toHaveLength(3);
  });

  test("while a home cannot read its record", async () => {
    const all = await begun({ limits: { cacheBytesMax: 0 }, intervals: noAntiEntropy });
    await deleted(all, "k");
    const { second } = placed(all.cluster, "k");
    const { disk } = all.cluster.machine(second);
    for (const key of disk.keys("values")) disk.damage("values", key);
    await all.cluster.world.run(all.cluster.node(second).rawKey("default", "k"));

    await all.cluster.world.runFor(graceMs * 3);

    expect(reapedAt(all)).toEqual([]);
  });
});

test("a node that was removed and comes back does not bring back what was reaped without it", async () => {
  const all = await begun({ intervals: noAntiEntropy });
  const { first, third, stranger } = placed(all.cluster, "k");
  all.cluster.crash(third);
  await noticed(all.cluster);
  await all.client.put(first, "k", "v", { w: 3 });
  const kept = await hintsOf(all.cluster, stranger);
  all.cluster.crash(stranger);
  await all.cluster.start(third);
  await noticed(all.cluster);
  const { context } = await all.client.read(first, "k");
  await all.client.put(first, "k", null, { context, w: 3 });
  await all.cluster.order(first, { type: "remove", nodeId: stranger });
  await all.cluster.world.runFor(graceMs * 3);
  const reaped = reapedAt(all);

  await all.cluster.start(stranger);
  await all.cluster.world.runFor(5000);

  expect(kept).toEqual([`${third} k`]);
  expect(reaped).toHaveLength(3);
  expect((await all.client.read(first, "k", { r: 3 })).values).toEqual([]);
  expect(all.cluster.node(stranger).calm()).toMatchObject({ isQuiet: true, hintCount: 0 });
});

describe("a key that is created again after it was reaped", () => {
  test("lives, also with a context of the time before, and takes an epoch nobody has used", async () => {
    const all = await begun();
    const before = await deleted(all, "k");
    await all.cluster.world.runFor(graceMs + 4000);
    const dots = eventsOf(all.cluster, "write-minted").map(({ dot }) => dot.actor);

    const put = await all.client.put("n1", "k", "reborn", { context: before });
    await all.cluster.settle();

    expect(dots.some((actor) => put.dot.startsWith(`${actor}:`))).toBe(false);
    expect((await all.client.read("n3", "k", { r: 3 })).values).toEqual(["reborn"]);
  });

  test("survives a tombstone that turns up late (Riak's doomstone)", async () => {
    const all = await begun();
    await deleted(all, "k");
    const { first, second } = placed(all.cluster, "k");
    const { disk } = all.cluster.machine(second);
    const [record = ""] = disk.keys("values");
    const old = disk.read("values", record);
    await all.cluster.world.runFor(graceMs + 4000);
    const put = await all.client.put(first, "k", "reborn", { w: 1 });
    all.cluster.crash(second);
    if (old.type === "found") {
      disk.apply([{ type: "put", space: "values", key: record, bytes: old.bytes }]);
    }
    await all.cluster.start(second);
    await all.cluster.settle();

    expect(put.acknowledgements.length).toBeGreaterThan(0);
    expect((await all.client.read(second, "k", { r: 3 })).values).toEqual(["reborn"]);
  });

  test("a session that has seen the deleted value is told that nobody knows it any more", async () => {
    const all = await begun();
    const before = await deleted(all, "k");
    const read = () =>
      all.cluster.world.run(all.client.get("n1", { bucket: "default", key: "k", minContext: before }));
    const within = await read();

    await all.cluster.world.runFor(graceMs + 4000);

    expect(within).toMatchObject({ type: "ok", siblings: [] });
    expect(await read()).toMatchObject({ type: "fail", error: "context-unmet" });
  });
});
