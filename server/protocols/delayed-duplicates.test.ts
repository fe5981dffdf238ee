import { describe, expect, test } from "vitest";
import { recentCountMax } from "../core/write-memory.ts";
import type { ClientWrite } from "../outcomes.ts";
import { eventsOf, placed, type Scenario, scenario } from "../simulation/scenario.ts";
import { calmLinks } from "../simulation/simulated-network.ts";

/**
 * A shopper adds and removes items while every put arrives a second time, 0.1 to 5 s later and at any node, as if a
 * client or a proxy had sent it again. An item that was removed must not come back.
 */
async function shop(seed: number, itemCount: number) {
  const all = await scenario({
    seed,
    links: { delayMs: { from: 0.2, to: 5 }, slowShare: 0.05, lossShare: 0, duplicateShare: 0.1 },
  });
  const { cluster, client } = all;
  const chance = cluster.world.random("shopper");
  const anyNode = () => cluster.nodeIds[chance.integer(0, cluster.nodeIds.length - 1)] ?? "";
  const late: Promise<unknown>[] = [];
  const write = async (value: string | null, writeId: string, context: string | undefined) => {
    const request: ClientWrite = {
      bucket: "default",
      key: "cart",
      value: value === null ? null : new TextEncoder().encode(value),
      writeId,
      ...(context === undefined ? {} : { context }),
    };
    const outcome = await cluster.world.run(client.write(anyNode(), request));
    late.push(sentAgain(all, anyNode(), request, chance.integer(100, 5000)));
    return outcome;
  };
  const removed: string[] = [];
  const resurfaced: string[] = [];
  for (let item = 0; item < itemCount; item += 1) {
    const before = await client.read(anyNode(), "cart");
    await write(`item ${item}`, `add ${item}`, before.context);
    const { context } = await client.read(anyNode(), "cart");
    await write(null, `remove ${item}`, context);
    removed.push(`item ${item}`);
    await cluster.world.runFor(chance.integer(10, 400));
    const { values } = await client.read(anyNode(), "cart");
    resurfaced.push(...values.filter((value) => removed.includes(value)));
  }
  await cluster.world.run(Promise.all(late));
  await cluster.settle();
  const { values, tombstones } = await client.read(placed(cluster, "cart").first, "cart", { r: 3 });
  return { resurfaced, values, tombstones, lateCount: late.length };
}

function sentAgain({ cluster, client }: Scenario, node: string, request: ClientWrite, delayMs: number) {
  return new Promise((resolve) => {
    cluster.world.after(delayMs, () => resolve(client.write(node, request)));
  });
}

describe("when every put is sent once more, 0.1 to 5 s later", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("no removed item comes back (seed %i)", async (seed) => {
    const { resurfaced, values, tombstones, lateCount } = await shop(seed, 40);

    expect(lateCount).toBe(80);
    expect(resurfaced).toEqual([]);
    expect(values).toEqual([]);
    expect(tombstones).toEqual(["remove 39"]);
  });

  test("a retry is answered with the dot of its first time, by whatever home it reaches", async () => {
    const { cluster, client } = await scenario();
    const { first, second } = placed(cluster, "k");
    const put = await client.put(first, "k", "v", { writeId: "w", w: 3 });
    const { context } = await client.read(first, "k");
    await client.put(first, "k", null, { context, w: 3 });

    const again = await client.put(second, "k", "v", { writeId: "w" });

    expect(again.dot).toBe(put.dot);
    expect((await client.read(second, "k")).values).toEqual([]);
  });

  test("superseding either copy of a write that was coordinated twice supersedes both", async () => {
    const { cluster, client } = await scenario();
    const { first, second, third } = placed(cluster, "k");
    cluster.partition([first], [second], [third]);
    await client.put(first, "k", "v", { writeId: "w", w: 1 });
    await client.put(second, "k", "v", { writeId: "w", w: 1 });
    const { context } = await client.read(second, "k", { r: 1 });
    await client.put(second, "k", "next", { context, w: 1 });

    cluster.heal();
    await cluster.settle();

    expect((await client.read(third, "k", { r: 3 })).values).toEqual(["next"]);
  });

  test("a write that was held on its way to a coordinator until nobody waited for it is not coordinated", async () => {
    const { cluster, client } = await scenario({
      links: { ...calmLinks, delayMs: { from: 1, to: 1 }, slowShare: 0 },
    });
    const { first, second, stranger } = placed(cluster, "k");
    cluster.links.slow(first, 4000);
    const put = await client.put(stranger, "k", "held", { writeId: "held", w: 1 });
    cluster.links.slow(first, 1);
    let { context } = put;
    // More than a key remembers the names of.
    for (let count = 0; count < recentCountMax + 20; count += 1) {
      ({ context } = await client.put(second, "k", `newer ${count}`, { context, w: 1 }));
    }

    await cluster.world.runFor(5000);

    expect(put.coordinator).toBe(second);
    expect(eventsOf(cluster, "write-forwarded").map(({ to }) => to)).toEqual([first, second]);
    const besideOthers = eventsOf(cluster, "state-appended").filter(
      ({ writeIds }) => writeIds.includes("held") && writeIds.length > 1,
    );
    expect(besideOthers).toEqual([]);
  });
});
