import { describe, expect, test } from "vitest";
import type { Limits } from "../config.ts";
import {
  copies,
  eventsOf,
  hintsOf,
  keyWithHomes,
  noAntiEntropy,
  noRepair,
  noticed,
  placed,
  type Scenario,
  scenario,
} from "../simulation/scenario.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("the lecture's worked example: green, red and gold are the homes, blue comes next, red is down", () => {
  test("the write goes to green, gold and blue, and blue keeps red's copy as a hint apart from its own store", async () => {
    const { cluster, client, key } = await redDown();

    const put = await client.put("green", key, "v", { w: 3 });

    expect(put.acknowledgements.toSorted((a, b) => (a.node < b.node ? -1 : 1))).toEqual([
      { node: "blue", role: "fallback", standsInFor: "red", durability: "synced" },
      { node: "gold", role: "home", durability: "synced" },
      { node: "green", role: "home", durability: "synced" },
    ]);
    expect(put.degraded).toBe(true);
    expect(await copies(cluster, key)).toEqual({ green: "v", gold: "v", blue: "-" });
    expect(await hintsOf(cluster, "blue")).toEqual([`red ${key}`]);
  });

  test("when red is back, blue delivers, then forgets, and red has the object", async () => {
    const { cluster, client, key } = await redDown();
    await client.put("green", key, "v", { w: 3 });

    await cluster.start("red");
    await cluster.world.runFor(3000);

    expect(await copies(cluster, key)).toEqual({ green: "v", red: "v", gold: "v", blue: "-" });
    expect(await hintsOf(cluster, "blue")).toEqual([]);
    expect(eventsOf(cluster, "hint-delivered").map(({ node, target }) => [node, target])).toEqual([
      ["blue", "red"],
    ]);
  });

  test("a read that has to come to blue sees what blue keeps for red", async () => {
    const { cluster, client, key } = await redDown();
    await client.put("green", key, "v", { w: 3 });
    cluster.crash("green");
    cluster.crash("gold");
    await noticed(cluster);

    expect((await client.read("blue", key, { r: 1 })).values).toEqual(["v"]);
  });

  test("blue delivers also when it was killed and restarted meanwhile, or lost its power", async () => {
    for (const fate of ["killed", "power"]) {
      const { cluster, client, key } = await redDown();
      await client.put("green", key, "v", { w: 3 });
      if (fate === "killed") cluster.crash("blue");
      else cluster.cutPower("blue");

      await cluster.start("blue");
      expect(await hintsOf(cluster, "blue")).toEqual([`red ${key}`]);
      await cluster.start("red");
      await cluster.world.runFor(3000);

      expect((await copies(cluster, key))["red"]).toBe("v");
      expect(await hintsOf(cluster, "blue")).toEqual([]);
    }
  });

  test("a hint waits as long as it takes, whatever the wall clock says", async () => {
    const { cluster, client, key } = await redDown();
    await client.put("green", key, "v", { w: 3 });
    cluster.machine("blue").time.wallOffsetMs += 30 * 86_400_000;
    await cluster.world.runFor(60_000);

    await cluster.start("red");
    await cluster.world.runFor(5000);

    expect((await copies(cluster, key))["red"]).toBe("v");
  });

  test("a delivery that fails in between is repeated until it has succeeded", async () => {
    const { cluster, client, key } = await redDown();
    await client.put("green", key, "v", { w: 3 });
    cluster.links.cut("red", "blue");
    await cluster.start("red");
    await cluster.world.runFor(5000);
    expect(await hintsOf(cluster, "blue")).toEqual([`red ${key}`]);

    cluster.heal();
    await cluster.world.runFor(5000);

    expect(await hintsOf(cluster, "blue")).toEqual([]);
    expect((await copies(cluster, key))["red"]).toBe("v");
  });
});

describe("a hint", () => {
  test("is made on the coordinator for a home that stays silent to the deadline", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, second } = placed(cluster, "k");
    cluster.machine(second).process.pause();

    const put = await client.put(first, "k", "v", { timeoutMs: 200 });
    await cluster.world.runFor(400);

    expect(put.acknowledgements.map(({ node }) => node)).not.toContain(second);
    expect(await hintsOf(cluster, first)).toEqual([`${second} k`]);
  });

  test("goes to the next fallback while the client waits, when a replica is slow", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, second, third, stranger, otherStranger } = placed(cluster, "k");
    for (const home of [second, third]) cluster.machine(home).process.pause();

    const put = await client.put(first, "k", "v", { timeoutMs: 500 });
    await cluster.world.runFor(600);

    expect(put.acknowledgements.map(({ role }) => role)).toEqual(["home", "fallback"]);
    expect(await hintsOf(cluster, stranger)).toEqual([`${second} k`]);
    expect(await hintsOf(cluster, otherStranger)).toEqual([`${third} k`]);
  });

  test("does not count toward w where the bucket says so", async () => {
    const { cluster, client } = await scenario({ buckets: { homesOnly: { hintsCountForW: false } } });
    const { first, second, third } = placed(cluster, "k", "homesOnly");
    cluster.crash(second);
    cluster.crash(third);
    await noticed(cluster);

    const write = { bucket: "homesOnly", key: "k", value: bytes("v") };
    const outcome = await cluster.world.run(client.write(first, write));

    expect(outcome).toMatchObject({ type: "fail", error: "quorum-unmet", needed: 2, had: 1 });
  });

  test("of a later write is merged with the earlier one for the same home", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, third, stranger } = placed(cluster, "k");
    cluster.crash(third);
    await noticed(cluster);

    await client.put(first, "k", "one", { w: 3 });
    await client.put(first, "k", "two", { w: 3 });

    expect(await hintsOf(cluster, stranger)).toEqual([`${third} k`]);
    const { hints } = await cluster.world.run(cluster.node(stranger).rawKey("default", "k"));
    expect(hints[0]?.state.siblings).toHaveLength(2);
  });

  test("is refused, and not counted, when there is no room for it", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair, limits: { hintBytesMax: 0 } });
    const { first, second, third } = placed(cluster, "k");
    cluster.crash(second);
    cluster.crash(third);
    await noticed(cluster);

    const write = { bucket: "default", key: "k", value: bytes("v"), timeoutMs: 300 };
    const outcome = await cluster.world.run(client.write(first, write));

    expect(outcome).toMatchObject({ type: "info", needed: 2, had: 1 });
    expect(eventsOf(cluster, "hint-refused").length).toBeGreaterThan(0);
  });
});

describe("when every home is down", () => {
  test("a fallback coordinates, two of them acknowledge, and every home gets its copy later", async () => {
    const { cluster, client, homes, stranger, otherStranger } = await homeless();

    const put = await client.put(otherStranger, "k", "v");

    expect(put.coordinator).toBe(otherStranger === put.coordinator ? otherStranger : stranger);
    expect(put.acknowledgements.map(({ role }) => role)).toEqual(["fallback", "fallback"]);
    for (const home of homes) await cluster.start(home);
    await cluster.world.runFor(5000);
    const where = await copies(cluster, "k");
    expect(homes.map((home) => where[home])).toEqual(["v", "v", "v"]);
    expect([where[stranger], where[otherStranger]]).toEqual(["-", "-"]);
  });

  test("two writes through one fallback, the second blind, are two versions", async () => {
    const { cluster, client, homes, stranger } = await homeless();

    await client.put(stranger, "k", "one");
    await client.put(stranger, "k", "two");
    for (const home of homes) await cluster.start(home);
    await cluster.settle();
    await client.put(stranger, "k", "three");
    await cluster.settle();

    expect((await client.read(stranger, "k", { r: 3 })).values).toEqual(["one", "three", "two"]);
  });

  test("a fallback without room for its own copy coordinates nothing: it would give one dot to two writes", async () => {
    const { cluster, client, stranger } = await homeless({ hintBytesMax: 1 });
    await client.put(stranger, "k", "one");
    const write = (value: string) =>
      client.write(stranger, { bucket: "default", key: "k", value: bytes(value), timeoutMs: 300 });

    const outcomes = [await cluster.world.run(write("two")), await cluster.world.run(write("three"))];

    const dots = eventsOf(cluster, "write-minted").map(({ dot }) => `${dot.actor}:${dot.counter}`);
    expect(new Set(dots).size).toBe(dots.length);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ type: "fail", error: "overloaded" });
  });
});

async function redDown(intervals = noAntiEntropy) {
  const { cluster, client } = await scenario({
    nodeIds: ["green", "red", "gold", "blue"],
    partitionCount: 64,
    intervals,
  });
  const key = keyWithHomes(cluster, ["green", "red", "gold"]);
  cluster.crash("red");
  await noticed(cluster);
  return { cluster, client, key };
}

async function homeless(limits: Partial<Limits> = {}): Promise<Scenario & ReturnType<typeof placed>> {
  const { cluster, client } = await scenario({ intervals: noAntiEntropy, limits });
  const where = placed(cluster, "k");
  for (const home of where.homes) cluster.crash(home);
  await noticed(cluster);
  return { cluster, client, ...where };
}
