import { describe, expect, test } from "vitest";
import {
  copies,
  eventsOf,
  messageCount,
  noRepair,
  noticed,
  placed,
  scenario,
} from "../simulation/scenario.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const bucket = "sessions";
const lww = { buckets: { [bucket]: { versions: "lww" as const } } };
const hourMs = 3_600_000;

describe("an lww bucket", () => {
  test("keeps the last of two concurrent writes, beside a bucket that keeps both", async () => {
    const { client } = await scenario(lww);

    for (const name of [bucket, "default"]) {
      await client.put("n1", "k", "one", { bucket: name });
      await client.put("n2", "k", "two", { bucket: name });
    }

    expect((await client.read("n3", "k", { bucket })).values).toEqual(["two"]);
    expect((await client.read("n3", "k")).values).toEqual(["one", "two"]);
  });

  test("has its writes coordinated by whatever node is asked, without a hop", async () => {
    const { cluster, client } = await scenario({ ...lww, intervals: noRepair });
    const { homes, stranger } = placed(cluster, "k", bucket);

    const put = await client.put(stranger, "k", "v", { bucket, w: 3 });

    expect(put.coordinator).toBe(stranger);
    expect(put.dot.startsWith(`${stranger}~`)).toBe(true);
    expect(put.acknowledgements.map(({ node }) => node).toSorted()).toEqual(homes.toSorted());
    expect((await copies(cluster, "k", bucket))[stranger]).toBe("-");
    expect(messageCount(cluster, "forward-write")).toBe(0);
  });

  test("where counted versions are coordinated by one of the homes, whatever node is asked", async () => {
    const { cluster, client } = await scenario();
    const { homes, stranger } = placed(cluster, "k");

    const put = await client.put(stranger, "k", "v");

    expect(homes).toContain(put.coordinator);
    expect(homes.some((home) => put.dot.startsWith(`${home}~`))).toBe(true);
  });

  test("leaves a hint with the stranger who coordinates, when nobody else can keep it", async () => {
    const strict = { [bucket]: { versions: "lww" as const, sloppy: false } };
    const { cluster, client } = await scenario({ buckets: strict });
    const { homes, third, stranger } = placed(cluster, "k", bucket);
    cluster.crash(third);
    await noticed(cluster);

    const put = await client.put(stranger, "k", "v", { bucket });
    await cluster.start(third);
    await cluster.settle();

    expect(put.acknowledgements.map(({ node }) => node).toSorted()).toEqual(
      homes.filter((home) => home !== third).toSorted(),
    );
    expect((await copies(cluster, "k", bucket))[third]).toBe("v");
  });

  test("deletes like it writes: the later stamp counts", async () => {
    const { client } = await scenario(lww);
    await client.put("n1", "k", "v", { bucket });
    await client.put("n2", "k", null, { bucket });

    expect((await client.read("n3", "k", { bucket })).values).toEqual([]);

    await client.put("n4", "k", "again", { bucket });
    expect((await client.read("n3", "k", { bucket })).values).toEqual(["again"]);
  });
});

describe("the stamps of one node", () => {
  test("never go back, whatever its clock does, over restarts and power cuts too", async () => {
    const { cluster, client } = await scenario(lww);
    const stamps: number[] = [];
    const write = async () => {
      const { dot } = await client.put("n1", "k", "v", { bucket });
      stamps.push(Number(dot.slice(dot.lastIndexOf(":") + 1)));
    };

    await write();
    cluster.machine("n1").time.wallOffsetMs -= 10_000;
    await write();
    await write();
    cluster.cutPower("n1");
    await cluster.start("n1");
    await cluster.world.runFor(300);
    cluster.machine("n1").time.wallOffsetMs -= 10_000;
    await write();
    await cluster.stop("n1");
    await cluster.start("n1");
    await cluster.world.runFor(300);
    await write();

    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
    expect(new Set(stamps).size).toBe(stamps.length);
    expect((stamps.at(-1) ?? 0) - (stamps[0] ?? 0)).toBeLessThan(5000);
  });

  test("are distinct for writes of one moment", async () => {
    const { cluster, client } = await scenario(lww);
    const write = (index: number) =>
      client.write("n1", { bucket, key: `k${index}`, value: bytes(`${index}`) });

    const outcomes = await cluster.world.run(
      Promise.all(Array.from({ length: 100 }, (_, index) => write(index))),
    );

    const dots = outcomes.map((outcome) => (outcome.type === "ok" ? outcome.dot : ""));
    expect(new Set(dots).size).toBe(100);
  });

  test("are refused while they would lead its clock by too much, and others give them instead", async () => {
    const { cluster, client } = await scenario(lww);
    cluster.machine("n1").time.wallOffsetMs += hourMs;
    await cluster.world.run(client.write("n1", { bucket, key: "k", value: bytes("from tomorrow") }));
    cluster.machine("n1").time.wallOffsetMs -= hourMs;

    const put = await client.put("n1", "other", "v", { bucket });

    expect(put.coordinator).not.toBe("n1");
    expect(eventsOf(cluster, "stamp-refused").some(({ node }) => node === "n1")).toBe(true);
  });
});

describe("a stamp from the future", () => {
  test("is taken by nobody whose clock is right: the write fails visibly and the key is not frozen", async () => {
    const { cluster, client } = await scenario({ ...lww, intervals: noRepair });
    const { stranger, first } = placed(cluster, "k", bucket);
    cluster.machine(stranger).time.wallOffsetMs += hourMs;

    const early = await cluster.world.run(
      client.write(stranger, { bucket, key: "k", value: bytes("from the future"), timeoutMs: 300 }),
    );
    const usual = await client.put(first, "k", "now", { bucket });

    expect(early).toMatchObject({ type: "info", needed: 2, had: 0 });
    expect(usual.acknowledgements.length).toBeGreaterThanOrEqual(2);
    expect((await client.read(first, "k", { bucket, r: 3 })).values).toEqual(["now"]);
    expect(eventsOf(cluster, "stamp-refused").length).toBeGreaterThan(0);
  });

  test("within the bound wins, and the writes it beats are lost: that is what lww means", async () => {
    const { cluster, client } = await scenario(lww);
    cluster.machine("n1").time.wallOffsetMs += 30_000;
    await client.put("n1", "k", "half a minute ahead", { bucket });

    const beaten = await client.put("n2", "k", "acknowledged and lost", { bucket });

    expect(beaten.acknowledgements.length).toBeGreaterThanOrEqual(2);
    expect((await client.read("n3", "k", { bucket, r: 3 })).values).toEqual(["half a minute ahead"]);
  });
});

describe("the same clients over both buckets", () => {
  test("lose most of what they add at once where the last writer wins, and nothing where they merge", async () => {
    expect(await itemsLeft("dvv")).toBe(60);
    expect(await itemsLeft("lww")).toBeLessThan(40);
  });
});

/** Each reads, adds its item to what it saw merged, and writes it back; the others do so at the same time. */
async function itemsLeft(versions: "dvv" | "lww") {
  const { cluster, client } = await scenario({ buckets: { [bucket]: { versions } } });
  const nodes = cluster.nodeIds;
  for (let round = 0; round < 20; round += 1) {
    const writes = nodes.slice(0, 3).map(async (node) => {
      const seen = await client.get(node, { bucket, key: "k" });
      if (seen.type === "fail") throw new Error(seen.detail);
      const texts = seen.siblings.map(({ value }) => new TextDecoder().decode(value));
      const items = new Set([...texts.flatMap((text) => text.split(" ")), `${node}.${round}`]);
      const value = bytes([...items].toSorted().join(" "));
      return client.write(node, { bucket, key: "k", value, context: seen.context });
    });
    const outcomes = await cluster.world.run(Promise.all(writes));
    expect(outcomes.map(({ type }) => type)).toEqual(["ok", "ok", "ok"]);
  }
  const { values } = await client.read("n4", "k", { bucket, r: 3 });
  return new Set(values.flatMap((value) => value.split(" "))).size;
}
