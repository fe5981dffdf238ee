import { describe, expect, test } from "vitest";
import { copies, noRepair, noticed, placed, scenario } from "../simulation/scenario.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const strict = { sloppy: false, readRepair: "off" as const };

/** A write that only its coordinator has: it was cut off, and failed its quorum. */
async function halfWritten(bucket: string, readRepair: "off" | "async" | "blocking") {
  const { cluster, client } = await scenario({
    buckets: { [bucket]: { ...strict, readRepair } },
    intervals: noRepair,
    limits: { hintBytesMax: 0 },
  });
  const where = placed(cluster, "k", bucket);
  const { first, second, third } = where;
  await client.put(first, "k", "old", { bucket, w: 3 });
  const { context } = await client.read(first, "k", { bucket });
  for (const other of [second, third]) cluster.links.cut(first, other);
  const put = { bucket, key: "k", value: bytes("new"), context, timeoutMs: 200 };
  const outcome = await cluster.world.run(client.write(first, put));
  expect(outcome.type).toBe("info");
  cluster.heal();
  await noticed(cluster);
  return { cluster, client, ...where };
}

describe("two reads with r = 2 of 3, one after the other, of a write that reached one home", () => {
  test("may see it and then not, where reads mend nothing", async () => {
    const { cluster, client, first, second, third } = await halfWritten("b", "off");
    const seen = await client.read(first, "k", { bucket: "b" });
    cluster.crash(first);
    await noticed(cluster);

    const later = await client.read(second, "k", { bucket: "b" });

    expect(seen.values).toEqual(["new"]);
    expect(later.values).toEqual(["old"]);
    expect((await copies(cluster, "k", "b"))[third]).toBe("old");
  });

  test("never go back where a read mends before it answers, even if who had it dies at that moment", async () => {
    const { cluster, client, first, second } = await halfWritten("b", "blocking");
    const seen = await client.read(first, "k", { bucket: "b" });
    cluster.crash(first);
    await noticed(cluster);

    const later = await client.read(second, "k", { bucket: "b" });

    expect([seen.values, later.values]).toEqual([["new"], ["new"]]);
  });

  test("fail rather than answer, when the mending cannot be done in time", async () => {
    const { cluster, client, first, second, third } = await halfWritten("b", "blocking");
    cluster.machine(second).disk.fault = "full";
    cluster.machine(third).disk.fault = "full";

    const outcome = await cluster.world.run(client.get(first, { bucket: "b", key: "k", timeoutMs: 300 }));

    expect(outcome).toMatchObject({ type: "fail", error: "timeout" });
  });

  test("cost nothing extra while replicas agree", async () => {
    const { cluster, client } = await scenario({ buckets: { b: { readRepair: "blocking" } } });
    const { first } = placed(cluster, "k", "b");
    await client.put(first, "k", "v", { bucket: "b", w: 3 });
    const beganMs = cluster.world.nowMs();

    await client.read(first, "k", { bucket: "b" });

    expect(cluster.world.nowMs() - beganMs).toBeLessThan(5);
  });
});

describe("a read with a min-context", () => {
  test("asks on until somebody knows what the client has written", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, second, third, stranger } = placed(cluster, "k");
    await client.put(first, "k", "old", { w: 3 });
    const { context } = await client.read(first, "k");
    cluster.partition([first, stranger], [second, third]);
    await noticed(cluster);
    const mine = await client.put(first, "k", "mine", { context, w: 1 });
    cluster.heal();
    await noticed(cluster);
    cluster.links.slow(first, 30);

    const plain = await client.read(second, "k", { r: 1 });
    const asked = await client.read(second, "k", { r: 1, minContext: mine.context });

    expect(plain.values).toEqual(["old"]);
    expect(asked.values).toEqual(["mine"]);
  });

  test("finds what only a hint on a fallback holds", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { homes, stranger, otherStranger } = placed(cluster, "k");
    cluster.partition(homes, [stranger, otherStranger]);
    await noticed(cluster);
    const mine = await client.put(stranger, "k", "mine", { w: 1 });
    cluster.heal();
    await noticed(cluster);
    const [first = ""] = homes;

    const plain = await client.read(first, "k");
    const asked = await client.read(first, "k", { minContext: mine.context });

    expect(plain.values).toEqual([]);
    expect(asked.values).toEqual(["mine"]);
  });

  test("is refused when nobody within reach knows it, and says so", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, second, third } = placed(cluster, "k");
    for (const other of cluster.nodeIds) if (other !== first) cluster.links.cut(first, other);
    const lonely = await client.put(first, "k", "mine", { w: 1, timeoutMs: 100 });
    cluster.crash(first);
    await cluster.world.runFor(100);
    cluster.heal();
    await noticed(cluster);

    const outcome = await cluster.world.run(
      client.get(second, { bucket: "default", key: "k", minContext: lonely.context }),
    );

    expect(outcome).toMatchObject({ type: "fail", error: "context-unmet" });
    expect((await client.read(third, "k")).values).toEqual([]);
  });

  test("takes no token of another key, and none that is damaged", async () => {
    const { cluster, client } = await scenario();
    const { context } = await client.put("n1", "one", "v");
    const read = (key: string, minContext: string) =>
      cluster.world.run(client.get("n1", { bucket: "default", key, minContext }));

    expect(await read("two", context)).toMatchObject({ type: "fail", error: "bad-context" });
    expect(await read("one", context.slice(1))).toMatchObject({ type: "fail", error: "bad-context" });
    expect(await read("one", context)).toMatchObject({ type: "ok" });
  });
});

describe("a request for fewer copies than the bucket keeps", () => {
  test("goes to the first n homes; the trees bring the write to the others", async () => {
    const { cluster, client } = await scenario();
    const { first, second, third } = placed(cluster, "k");

    const put = await client.put(first, "k", "v", { n: 2 });
    await cluster.world.runFor(500);
    const soon = await copies(cluster, "k");
    const read = await client.read(first, "k", { n: 1, r: 1 });
    await cluster.settle();

    expect(put.acknowledgements.map(({ node }) => node).toSorted()).toEqual([first, second].toSorted());
    expect([soon[first], soon[second], soon[third]]).toEqual(["v", "v", "-"]);
    expect(read.values).toEqual(["v"]);
    expect((await copies(cluster, "k"))[third]).toBe("v");
  });

  test("is refused with one sentence when its quorum does not fit", async () => {
    const { cluster, client } = await scenario();
    const detailOf = async (asked: object) => {
      const outcome = await cluster.world.run(client.get("n1", { bucket: "default", key: "k", ...asked }));
      return outcome.type === "fail" ? `${outcome.error}: ${outcome.detail}` : "ok";
    };

    expect(await detailOf({ n: 1 })).toBe("bad-request: r is 2; it must be a whole number from 1 to 1.");
    expect(await detailOf({ n: 4 })).toBe(
      "bad-request: n must be a whole number from 1 to 3, the copies that the bucket keeps.",
    );
    expect(await detailOf({ n: 2, pr: 3 })).toBe(
      "bad-request: pr is 3; it must be a whole number from 0 to 2.",
    );
  });
});
