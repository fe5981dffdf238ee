import { describe, expect, test } from "vitest";
import { eventsOf, type Scenario, scenario } from "../simulation/scenario.ts";
import type { Order } from "./administration.ts";
import type { Forecast } from "./forecast.ts";

const keys = Array.from({ length: 40 }, (_, index) => `k${index}`);

/** Five nodes with data and a sixth, started, that nobody has let in yet. */
async function five(): Promise<Scenario> {
  const given = await scenario({ spareIds: ["n6"] });
  for (const key of keys) await given.client.put("n1", key, "v", { w: 3 });
  await given.cluster.start("n6");
  await given.cluster.world.runFor(3000);
  return given;
}

async function planned({ cluster }: Scenario, order: Order): Promise<Extract<Forecast, { type: "ok" }>> {
  const forecast = await cluster.world.run(cluster.node("n2").operation?.forecasts.of(order) ?? nobody);
  if (forecast.type === "refused") throw new Error(forecast.detail);
  return forecast;
}

const nobody: Promise<Forecast> = Promise.resolve({ type: "refused", detail: "The node does not serve." });

describe("the plan of", () => {
  test.each([
    { type: "join", nodeId: "n6" },
    { type: "leave", nodeId: "n4" },
    { type: "remove", nodeId: "n4" },
  ] as const)(
    "a $type is what then happens: who takes what, and the ring that comes of it",
    async (order) => {
      const given = await five();
      const { cluster } = given;
      const plan = await planned(given, order);

      await cluster.order("n2", order);
      await cluster.settle();

      const taken = eventsOf(cluster, "tree-held").map(({ node, partition }) => `${node} ${partition}`);
      expect([...new Set(taken)].toSorted()).toEqual(
        plan.moves.map(({ to, partition }) => `${to} ${partition}`).toSorted(),
      );
      expect(plan.moves.length).toBeGreaterThan(0);
      expect(cluster.node("n1").ring().hash).toBe(plan.ringHash.after);
      const homes = cluster
        .node("n1")
        .ring()
        .partitions.map((list) => list.slice(0, 3));
      for (const { nodeId, after } of plan.nodes) {
        expect([nodeId, homes.filter((list) => list.includes(nodeId)).length]).toEqual([nodeId, after]);
      }
    },
  );

  test("a replacement is everything the lost node had, from those who are left", async () => {
    const given = await five();
    const { cluster } = given;
    const before = cluster.node("n1").ring().partitions;
    cluster.crash("n3");
    cluster.machine("n3").disk.wipe();
    await cluster.start("n3");
    await cluster.world.runFor(3000);

    const plan = await planned(given, { type: "replace", nodeId: "n3" });

    const had = before.flatMap((list, partition) => (list.slice(0, 3).includes("n3") ? [partition] : []));
    expect(plan.moves.map(({ partition, to }) => [partition, to])).toEqual(had.map((one) => [one, "n3"]));
    expect(plan.moves.every(({ from, isKept }) => from !== "n3" && isKept)).toBe(true);
    expect(plan.fewestHolders).toBe(2);
  });
});

test("a plan counts the keys that move, and weighs them", async () => {
  const given = await five();
  const { cluster } = given;

  const plan = await planned(given, { type: "join", nodeId: "n6" });

  const moving = keys.filter((key) => {
    const { partition } = cluster.node("n1").preference("default", key);
    return plan.moves.some((move) => move.partition === partition);
  });
  expect(plan.keyCount).toBe(moving.length);
  const [record = ""] = cluster.machine("n1").disk.keys("values");
  const read = cluster.machine("n1").disk.read("values", record);
  const bytes = read.type === "found" ? read.bytes.length : 0;
  // All values are of one size, and so are nearly all names.
  expect(plan.byteCount / plan.keyCount).toBeGreaterThan(bytes * 0.8);
  expect(plan.byteCount / plan.keyCount).toBeLessThan(bytes * 1.2);
  expect(plan.unknownCount).toBe(0);
});

test("a plan changes nothing: no table, no ring, no record", async () => {
  const given = await five();
  const { cluster } = given;
  const before = cluster.nodeIds.map((name) => [cluster.node(name).ring(), cluster.node(name).membership()]);
  const eventCount = cluster.events.length;

  await planned(given, { type: "join", nodeId: "n6" });
  await planned(given, { type: "leave", nodeId: "n1" });

  expect(cluster.nodeIds.map((name) => [cluster.node(name).ring(), cluster.node(name).membership()])).toEqual(
    before,
  );
  const changes = cluster.events.slice(eventCount).filter(({ event }) => /member|ring|tree/.test(event.type));
  expect(changes).toEqual([]);
});

test("an order that would be refused has no plan, and the sentence is the same", async () => {
  const { cluster } = await five();
  const orders: readonly Order[] = [
    { type: "join", nodeId: "n9" },
    { type: "leave", nodeId: "n9" },
    { type: "replace", nodeId: "n1" },
    { type: "cancel", nodeId: "n1" },
  ];

  for (const order of orders) {
    const forecast = await cluster.world.run(cluster.node("n2").operation?.forecasts.of(order) ?? nobody);
    const ordered = await cluster.world.run(cluster.node("n2").order(order));

    expect(forecast).toEqual(ordered);
    expect(forecast.type).toBe("refused");
  }
});

test("how much the trees hold that nobody reachable has is unknown, and is said to be", async () => {
  const given = await five();
  const { cluster } = given;
  cluster.partition(["n2"], ["n1", "n3", "n4", "n5", "n6"]);
  await cluster.world.runFor(5000);

  const plan = await planned(given, { type: "leave", nodeId: "n5" });

  const here = cluster
    .node("n2")
    .ring()
    .partitions.map((list) => list.slice(0, 3).includes("n2"));
  const unknown = plan.moves.filter(({ partition }) => here[partition] !== true);
  expect(unknown.length).toBeGreaterThan(0);
  expect(plan.unknownCount).toBe(unknown.length);
  expect(unknown.map(({ keyCount, byteCount }) => [keyCount, byteCount])).toEqual(
    unknown.map(() => [null, null]),
  );
});
