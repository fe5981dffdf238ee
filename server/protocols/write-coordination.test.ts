import { describe, expect, test } from "vitest";
import {
  copies,
  eventsOf,
  hintsOf,
  keyWithHomes,
  noRepair,
  noticed,
  placed,
  scenario,
} from "../simulation/scenario.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a put", () => {
  test("is appended at its coordinator, sent to the other homes, and answered when w have it", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { homes, first } = placed(cluster, "k");

    const put = await client.put(first, "k", "v");
    await cluster.world.runFor(100);

    expect(put.coordinator).toBe(first);
    expect(put.acknowledgements).toHaveLength(2);
    expect(
      put.acknowledgements.every(({ role, durability }) => role === "home" && durability === "synced"),
    ).toBe(true);
    expect(put.degraded).toBe(false);
    const expected = Object.fromEntries(
      cluster.nodeIds.map((node) => [node, homes.includes(node) ? "v" : "-"]),
    );
    expect(await copies(cluster, "k")).toEqual(expected);
  });

  test("goes on to the third replica after the client has been answered", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, third } = placed(cluster, "k");
    cluster.links.slow(third, 20);

    await client.put(first, "k", "v");
    const atAnswer = await copies(cluster, "k");
    await cluster.world.runFor(500);
    const later = await copies(cluster, "k");

    expect(atAnswer[third]).toBe("-");
    expect(later[third]).toBe("v");
  });

  test("under keys named like parts of objects is a put like any other", async () => {
    const { client } = await scenario();

    for (const key of ["__proto__", "constructor", "toString"]) await client.put("n1", key, `of ${key}`);

    expect((await client.read("n2", "__proto__")).values).toEqual(["of __proto__"]);
    expect((await client.read("n3", "constructor")).values).toEqual(["of constructor"]);
    expect((await client.read("n4", "valueOf")).values).toEqual([]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test("replaces what its context has seen, and stands beside what it has not", async () => {
    const { client } = await scenario();
    await client.put("n1", "k", "old");
    const seen = await client.read("n2", "k");
    await client.put("n3", "k", "unseen");

    await client.put("n4", "k", "new", { context: seen.context });

    expect((await client.read("n5", "k")).values).toEqual(["new", "unseen"]);
  });

  test("gives a context of what its client has seen, not of siblings it was never shown", async () => {
    const { client } = await scenario();
    await client.put("n1", "k", "somebody else's");
    const mine = await client.put("n2", "k", "mine");

    await client.put("n3", "k", "mine again", { context: mine.context });

    expect((await client.read("n4", "k")).values).toEqual(["mine again", "somebody else's"]);
  });

  test("a delete is a version: siblings it has not seen stay, and what it has seen is gone", async () => {
    const { client } = await scenario();
    await client.put("n1", "k", "seen");
    const seen = await client.read("n1", "k");
    await client.put("n2", "k", "unseen");

    await client.put("n3", "k", null, { context: seen.context, writeId: "the delete" });

    expect(await client.read("n4", "k")).toMatchObject({ values: ["unseen"], tombstones: ["the delete"] });
  });
});

describe("two puts with one context through one coordinator", () => {
  const bucketOf = { plain: { versions: "vv-max" as const } };

  test.each([
    ["default", "dvv keeps both", ["first", "second"]],
    ["plain", "the paper's version vectors lose the first, although it was acknowledged", ["second"]],
  ])("%s: %s", async (bucket, _name, expected) => {
    const { cluster, client } = await scenario({ buckets: bucketOf });
    const { first } = placed(cluster, "k", bucket);
    await client.put(first, "k", "base", { bucket });
    const { context } = await client.read(first, "k", { bucket });

    await client.put(first, "k", "first", { bucket, context });
    await client.put(first, "k", "second", { bucket, context });

    expect((await client.read(first, "k", { bucket })).values).toEqual(expected);
  });
});

describe("a retry", () => {
  test("through another coordinator becomes one version with the first attempt", async () => {
    const { cluster, client } = await scenario();
    const { first, second } = placed(cluster, "k");
    cluster.links.cut(second, first);
    cluster.links.cut(first, second);

    await client.put(first, "k", "v", { writeId: "w", w: 1 });
    await client.put(second, "k", "v", { writeId: "w", w: 1 });
    cluster.heal();
    await cluster.settle();

    const { main } = await cluster.world.run(cluster.node(first).rawKey("default", "k"));
    const siblings = main.type === "found" ? main.state.siblings : [];
    expect(siblings.map(({ writeId }) => writeId)).toEqual(["w"]);
    expect(siblings[0]?.dots.length).toBeGreaterThanOrEqual(1);
    expect((await client.read("n1", "k")).values).toEqual(["v"]);
  });

  test("of a write that has been removed meanwhile does not bring it back", async () => {
    const { client } = await scenario();
    await client.put("n1", "k", "v", { writeId: "w" });
    const seen = await client.read("n1", "k");
    await client.put("n2", "k", null, { context: seen.context });

    await client.put("n3", "k", "v", { writeId: "w" });

    expect((await client.read("n4", "k")).values).toEqual([]);
  });

  test("is told the dot of its first time, and mints nothing", async () => {
    const { cluster, client } = await scenario();
    const { first } = placed(cluster, "k");

    const one = await client.put(first, "k", "v", { writeId: "w" });
    const two = await client.put(first, "k", "v", { writeId: "w" });

    expect(two.dot).toBe(one.dot);
    expect(eventsOf(cluster, "write-minted").map(({ isRetry }) => isRetry)).toEqual([false, true]);
  });
});

describe("an outcome", () => {
  test("is `fail` while nothing has happened, and then nothing has", async () => {
    const { cluster, client } = await scenario({
      buckets: { strict: { sloppy: false, w: 2, pw: 2 } },
      limits: { valueBytesMax: 10 },
    });
    const { second, third, first } = placed(cluster, "k", "strict");
    cluster.crash(second);
    cluster.crash(third);
    await noticed(cluster);

    const put = (request: object) =>
      cluster.world.run(client.write(first, { bucket: "strict", key: "k", value: bytes("v"), ...request }));

    expect(await put({})).toMatchObject({ type: "fail", error: "quorum-unmet", needed: 2, had: 1 });
    expect(await put({ value: bytes("much too large") })).toMatchObject({ type: "fail", error: "too-large" });
    expect(await put({ context: "bm9uc2Vuc2U" })).toMatchObject({ type: "fail", error: "bad-context" });
    expect(await put({ w: 4 })).toMatchObject({ type: "fail", error: "bad-request" });
    expect(await put({ key: "" })).toMatchObject({ type: "fail", error: "bad-request" });
    expect(await put({ key: "\ud800" })).toMatchObject({ type: "fail", error: "bad-request" });
    expect(eventsOf(cluster, "write-minted")).toEqual([]);
    expect((await copies(cluster, "k", "strict"))[first]).toBe("-");
  });

  test("is `info` once anything was appended or sent, even if nobody has acknowledged", async () => {
    const { cluster, client } = await scenario({ nodeIds: ["n1", "n2", "n3"], intervals: noRepair });
    const { first, second, third } = placed(cluster, "k");
    cluster.partition([first], [second, third]);

    const outcome = await cluster.world.run(
      client.write(first, { bucket: "default", key: "k", value: bytes("v"), timeoutMs: 200 }),
    );

    expect(outcome).toMatchObject({ type: "info", error: "timeout", needed: 2, had: 1 });
    cluster.heal();
    await cluster.settle();
    expect((await client.read(third, "k")).values).toEqual(["v"]);
  });

  test("is `fail` when the time was over before the write's turn came", async () => {
    const { cluster, client } = await scenario({
      nodeIds: ["n1"],
      buckets: { default: { n: 1, r: 1, w: 1 } },
    });
    cluster.machine("n1").disk.slowness = 100;

    const outcomes = await cluster.world.run(
      Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          client.write("n1", { bucket: "default", key: "k", value: bytes(`${index}`), timeoutMs: 300 }),
        ),
      ),
    );
    await cluster.settle();

    const turnedAway = outcomes.filter(({ type }) => type === "fail").length;
    expect(turnedAway).toBeGreaterThan(0);
    expect((await client.read("n1", "k")).values).toHaveLength(10 - turnedAway);
  });

  test("of a context that belongs to another key is `fail`", async () => {
    const { cluster, client } = await scenario();
    const { context } = await client.put("n1", "one", "v");

    const outcome = await cluster.world.run(
      client.write("n1", { bucket: "default", key: "two", value: bytes("v"), context }),
    );

    expect(outcome).toMatchObject({ type: "fail", error: "bad-context" });
  });

  test("is `fail` for a key with too many concurrent versions, until they are merged", async () => {
    const { cluster, client } = await scenario({ limits: { siblingCountMax: 3 } });
    for (const value of ["1", "2", "3"]) await client.put("n1", "k", value);

    const blind = await cluster.world.run(
      client.write("n1", { bucket: "default", key: "k", value: bytes("4") }),
    );
    const { context } = await client.read("n1", "k");
    await client.put("n1", "k", "merged", { context });

    expect(blind).toMatchObject({ type: "fail", error: "too-many-siblings" });
    expect((await client.read("n2", "k")).values).toEqual(["merged"]);
  });

  test("is `fail` for a key whose concurrent versions together are too large to travel", async () => {
    const { cluster, client } = await scenario({ limits: { stateBytesMax: 10 } });
    await client.put("n1", "k", "7 bytes");

    const beside = await cluster.world.run(
      client.write("n1", { bucket: "default", key: "k", value: bytes("7 more.") }),
    );

    expect(beside).toMatchObject({ type: "fail", error: "too-many-siblings" });
  });
});

describe("a strict bucket", () => {
  const strict = { strict: { sloppy: false, pw: 2, pr: 2 } };

  test("refuses a write when fewer than w homes are up, and takes it when there are enough", async () => {
    const { cluster, client } = await scenario({ buckets: strict });
    const { first, second, third, stranger } = placed(cluster, "k", "strict");
    cluster.crash(first);
    await noticed(cluster);

    const withTwo = await client.put(stranger, "k", "v", { bucket: "strict" });
    cluster.crash(second);
    await noticed(cluster);
    const withOne = await cluster.world.run(
      client.write(third, { bucket: "strict", key: "k", value: bytes("w") }),
    );
    const read = await cluster.world.run(client.get(third, { bucket: "strict", key: "k" }));

    expect(withTwo.acknowledgements.map(({ role }) => role)).toEqual(["home", "home"]);
    expect(withOne).toMatchObject({ type: "fail", error: "quorum-unmet" });
    expect(read).toMatchObject({ type: "fail", error: "quorum-unmet", needed: 2, had: 0 });
  });

  test("keeps a hint on the coordinator for the home that is down, and does not count it", async () => {
    const { cluster, client } = await scenario({ buckets: strict, intervals: noRepair });
    const { first, second, third } = placed(cluster, "k", "strict");
    cluster.crash(third);
    await noticed(cluster);

    const put = await client.put(first, "k", "v", { bucket: "strict" });
    await cluster.world.runFor(100);

    expect(put.acknowledgements.map(({ node }) => node).toSorted()).toEqual([first, second].toSorted());
    expect(await hintsOf(cluster, first)).toEqual([`${third} k`]);
  });
});

describe("a coordinator that fails", () => {
  test("between its append and the first send leaves a write that is there, once, or not at all", async () => {
    const fates = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const { cluster, client } = await scenario({ seed, intervals: noRepair });
      const { first, second, third } = placed(cluster, "k");
      const outcome = client.write(first, { bucket: "default", key: "k", value: bytes("v") });
      for (const home of [second, third]) cluster.links.cut(first, home);
      await cluster.world.runFor(1);
      cluster.crash(first);
      expect(await cluster.world.run(outcome)).toMatchObject({ type: "info" });

      cluster.heal();
      await cluster.start(first);
      await cluster.settle();
      fates.add(
        Object.values(await copies(cluster, "k"))
          .toSorted()
          .join(""),
      );
    }

    expect([...fates].toSorted()).toEqual(["-----", "--vvv"]);
  });

  test("never gives a dot twice, whatever its disk forgot of the write that was under way", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { cluster, client } = await scenario({ seed, nodeIds: ["n1", "n2", "n3"], intervals: noRepair });
      const { first } = placed(cluster, "k");
      await client.put(first, "k", "base");
      cluster.machine(first).disk.slowness = 1000;
      const unfinished = client.write(first, {
        bucket: "default",
        key: "k",
        value: bytes("sent to others only"),
      });
      await cluster.world.runFor(20);
      cluster.cutPower(first);
      cluster.machine(first).disk.slowness = 1;
      await cluster.world.run(unfinished);
      await cluster.start(first);
      await client.put(first, "k", "after the restart");
      await cluster.settle();

      const { values } = await client.read(first, "k", { r: 3 });
      expect(values).toEqual(["after the restart", "base", "sent to others only"]);
      const dots = eventsOf(cluster, "write-minted").map(({ dot }) => `${dot.actor}:${dot.counter}`);
      expect(new Set(dots).size).toBe(3);
    }
  });

  test("with a full disk turns read-only, and others write instead", async () => {
    const { cluster, client } = await scenario();
    const { first, second } = placed(cluster, "k");
    await client.put(first, "k", "before");
    cluster.machine(first).disk.fault = "full";

    const during = await client.put(first, "k", "during");
    const after = await client.put(first, "k", "after");

    expect(cluster.node(first).health().isReadOnly).toBe(true);
    expect(during.acknowledgements.map(({ node }) => node)).not.toContain(first);
    expect(after.coordinator).toBe(second);
    expect((await client.read(first, "k")).values).toEqual(["after", "before", "during"]);
  });

  test("with a sync that failed ends, and is replaced by hints", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first } = placed(cluster, "k");
    cluster.machine(first).disk.fault = "broken";

    const outcome = await cluster.world.run(
      client.write(first, { bucket: "default", key: "k", value: bytes("v"), writeId: "w" }),
    );
    expect(cluster.isUp(first)).toBe(false);
    expect(outcome.type).toBe("info");
    cluster.machine(first).disk.fault = "none";
    await cluster.start(first);
    await cluster.settle();

    expect((await client.read(first, "k", { r: 3 })).values).toEqual(["v"]);
  });
});

describe("Figure 3 of the paper", () => {
  test("D1 and D2 at Sx, D3 and D4 beside each other at Sy and Sz, D5 over both at Sx", async () => {
    const { cluster, client } = await scenario({
      nodeIds: ["Sx", "Sy", "Sz"],
      partitionCount: 64,
      intervals: noRepair,
    });
    const key = keyWithHomes(cluster, ["Sx", "Sy", "Sz"]);
    const d1 = await client.put("Sx", key, "D1");
    const d2 = await client.put("Sx", key, "D2", { context: d1.context });
    cluster.partition(["Sx"], ["Sy"], ["Sz"]);
    await client.put("Sy", key, "D3", { context: d2.context, w: 1 });
    await client.put("Sz", key, "D4", { context: d2.context, w: 1 });
    cluster.heal();
    const { values, context } = await client.read("Sx", key, { r: 3 });

    const d5 = await client.put("Sx", key, "D5", { context });

    expect(values).toEqual(["D3", "D4"]);
    expect([d1, d2, d5].map(({ dot }) => dot.replace(/~.*:/, " "))).toEqual(["Sx 1", "Sx 2", "Sx 3"]);
    expect((await client.read("Sz", key, { r: 3 })).values).toEqual(["D5"]);
  });
});
