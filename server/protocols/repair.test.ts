import { describe, expect, test } from "vitest";
import { copies, noRepair, noticed, placed, type Scenario, scenario } from "../simulation/scenario.ts";
import type { Repair } from "./repair.ts";

function repairOf({ cluster }: Scenario, name: string): Repair {
  const repair = cluster.node(name).operation?.repair;
  if (repair === undefined) throw new Error(`${name} does not serve`);
  return repair;
}

/** One home has missed a write and nothing mends that by itself. */
async function behind() {
  const given = await scenario({ intervals: noRepair, limits: { hintBytesMax: 0 } });
  const { cluster, client } = given;
  const place = placed(cluster, "k");
  cluster.crash(place.third);
  await noticed(cluster);
  await client.put(place.first, "k", "v");
  await cluster.start(place.third);
  await noticed(cluster);
  expect((await copies(cluster, "k"))[place.third]).toBe("-");
  const { partition } = cluster.node("n1").preference("default", "k");
  return { given, place, partition };
}

describe("repair of a key", () => {
  test("at any member gives every home what one of them has, and says who was behind", async () => {
    for (const entry of ["first", "third", "stranger"] as const) {
      const { given, place } = await behind();

      const name = { bucket: "default", key: "k" };
      const repaired = await given.cluster.world.run(repairOf(given, place[entry]).key(name));

      expect(repaired).toEqual({
        isWhole: true,
        homes: [
          { nodeId: place.first, ending: "equal" },
          { nodeId: place.second, ending: "equal" },
          { nodeId: place.third, ending: "mended" },
        ],
      });
      expect((await copies(given.cluster, "k"))[place.third]).toBe("v");
    }
  });

  test("brings a damaged record back", async () => {
    const { given, place } = await behind();
    const { disk } = given.cluster.machine(place.second);
    const [damaged = ""] = disk.keys("values");
    given.cluster.crash(place.second);
    disk.damage("values", damaged);
    await given.cluster.start(place.second);
    await noticed(given.cluster);

    const name = { bucket: "default", key: "k" };
    const { homes } = await given.cluster.world.run(repairOf(given, place.stranger).key(name));

    expect(homes).toContainEqual({ nodeId: place.second, ending: "mended" });
    expect((await copies(given.cluster, "k"))[place.second]).toBe("v");
  });

  test("is not whole while a home is down, and mends the others", async () => {
    const { given, place } = await behind();
    given.cluster.crash(place.first);

    const name = { bucket: "default", key: "k" };
    const repaired = await given.cluster.world.run(repairOf(given, place.second).key(name));

    expect(repaired.isWhole).toBe(false);
    expect(repaired.homes.map(({ ending }) => ending)).toEqual(["unknown", "equal", "mended"]);
    expect((await copies(given.cluster, "k"))[place.third]).toBe("v");
  });

  test("of a key that nobody has is equal everywhere", async () => {
    const given = await scenario();

    const name = { bucket: "__proto__", key: "constructor" };
    const repaired = await given.cluster.world.run(repairOf(given, "n1").key(name));

    expect(repaired.homes.map(({ ending }) => ending)).toEqual(["equal", "equal", "equal"]);
  });
});

describe("repair of a partition", () => {
  test("at a home of it makes all its homes equal", async () => {
    const { given, place, partition } = await behind();

    const repaired = await given.cluster.world.run(repairOf(given, place.first).partition(partition, 10_000));

    const comparison = "equal";
    expect(repaired).toEqual({
      type: "ok",
      isWhole: true,
      trees: [
        {
          partition,
          copies: 3,
          keyCount: 1,
          homes: [
            { nodeId: place.second, comparison },
            { nodeId: place.third, comparison },
          ],
        },
      ],
    });
    expect((await copies(given.cluster, "k"))[place.third]).toBe("v");
  });

  test("elsewhere is refused, with the names of those who can", async () => {
    const { given, place, partition } = await behind();

    const refused = await given.cluster.world.run(
      repairOf(given, place.stranger).partition(partition, 10_000),
    );

    const homes = place.homes.join(", ");
    expect(refused).toEqual({
      type: "refused",
      detail: `This node is no home of partition ${partition}; ask ${homes}.`,
    });
  });

  test("says which homes it could not reach", async () => {
    const { given, place, partition } = await behind();
    given.cluster.crash(place.second);

    const repaired = await given.cluster.world.run(repairOf(given, place.first).partition(partition, 10_000));

    expect(repaired).toMatchObject({ type: "ok", isWhole: false });
    expect(repaired.type === "ok" && repaired.trees[0]?.homes).toEqual([
      { nodeId: place.second, comparison: "unknown" },
      { nodeId: place.third, comparison: "equal" },
    ]);
  });
});
