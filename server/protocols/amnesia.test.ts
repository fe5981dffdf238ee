import { describe, expect, test } from "vitest";
import { eventsOf, noRepair, placed, type Scenario, scenario } from "../simulation/scenario.ts";

/**
 * Every way in which a node may have forgotten events it minted for a key, with the write that would be lost if it
 * went on counting. A dot that was given twice is a write that is lost sooner or later.
 */
async function begun() {
  const all = await scenario({ intervals: noRepair, limits: { cacheBytesMax: 0 } });
  return { ...all, ...placed(all.cluster, "k") };
}

function dotsOf({ cluster }: Scenario): readonly string[] {
  return eventsOf(cluster, "write-minted")
    .filter(({ isRetry }) => !isRetry)
    .map(({ dot }) => `${dot.actor}:${dot.counter}`);
}

const reasonsAt = ({ cluster }: Scenario, node: string) =>
  eventsOf(cluster, "epoch-minted")
    .filter((event) => event.node === node)
    .map(({ reason }) => reason);

/** Stops the node cleanly, puts its record of the key back as it was at `saved`, and starts it again. */
async function restore({ cluster }: Scenario, node: string, saved: ReadonlyMap<string, Uint8Array>) {
  await cluster.stop(node);
  for (const [key, bytes] of saved) {
    cluster.machine(node).disk.apply([{ type: "put", space: "values", key, bytes }]);
  }
  await cluster.start(node);
  await cluster.world.runFor(300);
}

function saveOf({ cluster }: Scenario, node: string): ReadonlyMap<string, Uint8Array> {
  const { disk } = cluster.machine(node);
  const saved = new Map<string, Uint8Array>();
  for (const key of disk.keys("values")) {
    const read = disk.read("values", key);
    if (read.type === "found") saved.set(key, read.bytes);
  }
  return saved;
}

describe("a node takes a fresh epoch for a key", () => {
  test("when it coordinates it for the first time, and goes on under it afterwards", async () => {
    const all = await begun();

    await all.client.put(all.first, "k", "one", { w: 3 });
    await all.client.put(all.first, "k", "two", { w: 3 });

    expect(reasonsAt(all, all.first)).toEqual(["first-coordination"]);
  });

  test("when it has only ever been sent the key, never coordinated it", async () => {
    const all = await begun();
    await all.client.put(all.first, "k", "one", { w: 3 });

    await all.client.put(all.second, "k", "two", { w: 3 });

    expect(reasonsAt(all, all.second)).toEqual(["first-coordination"]);
  });

  test("when the partition was dropped and came back: a record without a memory of its own", async () => {
    const all = await begun();
    await all.client.put(all.first, "k", "one", { w: 3 });
    await all.cluster.stop(all.first);
    const { disk } = all.cluster.machine(all.first);
    for (const key of disk.keys("values")) disk.apply([{ type: "delete", space: "values", key }]);
    await all.cluster.start(all.first);
    await all.cluster.world.runFor(300);
    await all.client.put(all.second, "k", "two", { w: 3 });

    await all.client.put(all.first, "k", "three", { w: 3 });

    expect(reasonsAt(all, all.first)).toEqual(["first-coordination", "first-coordination"]);
    expect(new Set(dotsOf(all)).size).toBe(3);
    expect((await all.client.read(all.third, "k", { r: 3 })).values).toEqual(["one", "three", "two"]);
  });

  test("when a state that it was sent, in a write it does not coordinate, shows more than it remembers", async () => {
    const all = await begun();
    await all.client.put(all.first, "k", "one", { w: 3 });
    const saved = saveOf(all, all.first);
    await all.client.put(all.first, "k", "two", { w: 3 });
    await restore(all, all.first, saved);
    await all.client.put(all.second, "k", "three", { w: 3 });

    await all.client.put(all.first, "k", "four", { w: 3 });

    expect(reasonsAt(all, all.first)).toEqual(["first-coordination", "forgotten-events"]);
    expect(new Set(dotsOf(all)).size).toBe(4);
    expect((await all.client.read(all.third, "k", { r: 3 })).values).toEqual(["four", "one", "three", "two"]);
  });

  test("when a client's context shows more than it remembers", async () => {
    const all = await begun();
    await all.client.put(all.first, "k", "one", { w: 3 });
    const saved = saveOf(all, all.first);
    const two = await all.client.put(all.first, "k", "two", { w: 3 });
    await restore(all, all.first, saved);

    await all.client.put(all.first, "k", "three", { context: two.context, w: 3 });

    expect(reasonsAt(all, all.first)).toEqual(["first-coordination", "forgotten-events"]);
    expect(new Set(dotsOf(all)).size).toBe(3);
    expect((await all.client.read(all.third, "k", { r: 3 })).values).toEqual(["one", "three"]);
  });

  test("after every stop that was not clean, and after no clean one", async () => {
    const all = await begun();
    await all.client.put(all.first, "k", "one", { w: 3 });
    await all.cluster.stop(all.first);
    await all.cluster.start(all.first);
    await all.cluster.world.runFor(300);
    await all.client.put(all.first, "k", "two", { w: 3 });
    const afterClean = reasonsAt(all, all.first);

    all.cluster.crash(all.first);
    await all.cluster.start(all.first);
    await all.cluster.world.runFor(300);
    await all.client.put(all.first, "k", "three", { w: 3 });

    expect(afterClean).toEqual(["first-coordination"]);
    expect(reasonsAt(all, all.first)).toEqual(["first-coordination", "unclean-stop"]);
  });

  test("when its disk was emptied: it is somebody else, and drawn by chance, not by the clock", async () => {
    const all = await begun();
    await all.client.put(all.first, "k", "one", { w: 3 });
    all.cluster.crash(all.first);
    all.cluster.machine(all.first).disk.wipe();
    await all.cluster.start(all.first);
    await all.cluster.world.runFor(3000);
    await all.cluster.order(all.second, { type: "replace", nodeId: all.first });

    await all.client.put(all.first, "k", "two", { w: 1 });
    await all.cluster.settle();

    const incarnations = eventsOf(all.cluster, "started").map(({ incarnation }) => incarnation);
    expect(new Set(incarnations).size).toBe(incarnations.length);
    expect((await all.client.read(all.third, "k", { r: 3 })).values).toEqual(["one", "two"]);
  });
});
