import { expect, test } from "vitest";
import { positionAt } from "../core/hash.ts";
import { partitionAt } from "../core/ring.ts";
import { ringFor } from "../core/strategy.ts";
import type { NodeId } from "../ports/network.ts";
import { eventsOf, scenario } from "../simulation/scenario.ts";

/** The paper's ring: A to G clockwise, and X between A and B (§4.9). */
const places = { A: 0x10, X: 0x20, B: 0x30, C: 0x50, D: 0x70, E: 0x90, F: 0xb0, G: 0xd0 } as const;
const seven: readonly NodeId[] = ["A", "B", "C", "D", "E", "F", "G"];
const hex = (byte: number) => byte.toString(16).padEnd(32, "0");
const paperRing = (names: readonly string[]) =>
  ringFor(
    Object.entries(places)
      .filter(([name]) => names.includes(name))
      .map(([nodeId, place]) => ({ nodeId, tokens: [hex(place)] })),
    { strategy: 1, tokensPerNode: 1 },
    3,
  );
const homesAt = (names: readonly string[], byte: number) => {
  const ring = paperRing(names);
  return ring.orders[partitionAt(ring, positionAt(BigInt(`0x${hex(byte)}`)))]?.slice(0, 3).join("");
};

test("X between A and B takes (F, G], (G, A] and (A, X], and B, C and D drop one of them each", () => {
  const ranges = {
    "(F, G]": places.G,
    "(G, A]": places.A,
    "(A, X]": places.X,
    "(X, B]": places.B,
    "(B, C]": places.C,
  };

  const moves = Object.entries(ranges).map(([range, end]) => [
    range,
    homesAt(seven, end),
    homesAt([...seven, "X"], end),
  ]);

  expect(moves).toEqual([
    ["(F, G]", "GAB", "GAX"],
    ["(G, A]", "ABC", "AXB"],
    ["(A, X]", "BCD", "XBC"],
    ["(X, B]", "BCD", "BCD"],
    ["(B, C]", "CDE", "CDE"],
  ]);
});

test("each range goes to X once: offered and accepted, streamed by one node, sealed, held, and only then dropped", async () => {
  const { cluster, client } = await scenario({ nodeIds: seven, spareIds: ["X"], partitionCount: 16 });
  const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);
  for (const key of keys) await client.put("A", key, "v", { w: 3 });
  await cluster.start("X");
  await cluster.world.runFor(3000);
  const homes = () =>
    cluster
      .node("A")
      .ring()
      .partitions.map((list) => list.slice(0, 3));
  const before = homes();

  await cluster.order("B", { type: "join", nodeId: "X" });
  await cluster.settle();

  const after = homes();
  const steps = cluster.events.flatMap(({ node, event }) => ("partition" in event ? [{ node, event }] : []));
  const taken = after.flatMap((list, partition) => (list.includes("X") ? [partition] : []));
  const streams = eventsOf(cluster, "transfer-streamed");
  expect(taken.length).toBe(6);
  expect([...new Set(streams.map(({ partition }) => partition))].toSorted((a, b) => a - b)).toEqual(taken);
  for (const partition of taken) {
    const own = steps.filter(({ event }) => event.partition === partition);
    const order = [...new Set(own.map(({ event }) => event.type))].filter((type) => phases.includes(type));
    expect(order).toEqual(phases);
    expect(new Set(streams.filter((one) => one.partition === partition).map(({ node }) => node)).size).toBe(
      1,
    );
    const dropped = before[partition]?.filter((node) => !after[partition]?.includes(node));
    const released = own.flatMap(({ node, event }) => (event.type === "tree-released" ? [node] : []));
    expect(released).toEqual(dropped);
    const holders = own.flatMap(({ node, event }) => (event.type === "tree-held" ? [node] : []));
    expect(new Set(holders)).toEqual(new Set(["X"]));
  }
  const sentKeys = streams.reduce((sum, { keyCount }) => sum + keyCount, 0);
  const ownedKeys = keys.filter((key) => cluster.node("A").preference("default", key).homes.includes("X"));
  expect(sentKeys).toBe(ownedKeys.length);
}, 60_000);

const phases: readonly string[] = [
  "transfer-accepted",
  "transfer-streamed",
  "transfer-sealed",
  "tree-held",
  "tree-released",
];
