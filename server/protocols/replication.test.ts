import { describe, expect, test } from "vitest";
import { copies, noRepair, noticed, placed, scenario } from "../simulation/scenario.ts";

describe("the lecture's four cases, by what is on the disks", () => {
  test("a put without failure is on all homes", async () => {
    const { cluster, client } = await scenario({ nodeIds: ["n1", "n2", "n3"], intervals: noRepair });

    await client.put("n1", "k", "v");
    await cluster.world.runFor(100);

    expect(await copies(cluster, "k")).toEqual({ n1: "v", n2: "v", n3: "v" });
  });

  test("a put with a replica down is on the others, and on all once it is back", async () => {
    const { cluster, client } = await scenario({ nodeIds: ["n1", "n2", "n3"] });
    await client.put("n1", "k", "old");
    await cluster.settle();
    const { context } = await client.read("n1", "k");
    cluster.crash("n3");
    await noticed(cluster);

    await client.put("n1", "k", "new", { context });
    const before = await copies(cluster, "k");
    await cluster.start("n3");
    const onReturn = await copies(cluster, "k");
    await cluster.settle();

    expect(before).toEqual({ n1: "new", n2: "new" });
    expect(onReturn["n3"]).toBe("old");
    expect(await copies(cluster, "k")).toEqual({ n1: "new", n2: "new", n3: "new" });
  });

  test("a put in a partition leaves the old version on the other side, and replaces it after the heal", async () => {
    const { cluster, client } = await scenario({ nodeIds: ["n1", "n2", "n3"] });
    await client.put("n1", "k", "old");
    await cluster.settle();
    const { context } = await client.read("n1", "k");
    cluster.partition(["n1", "n2"], ["n3"]);
    await noticed(cluster);

    await client.put("n1", "k", "new", { context });
    const during = await copies(cluster, "k");
    const otherSide = await client.read("n3", "k", { r: 1 });
    cluster.heal();
    await cluster.settle();

    expect(during).toEqual({ n1: "new", n2: "new", n3: "old" });
    expect(otherSide.values).toEqual(["old"]);
    expect(await copies(cluster, "k")).toEqual({ n1: "new", n2: "new", n3: "new" });
  });

  test("puts on both sides of a partition are both there after the heal, until a client merges them", async () => {
    const { cluster, client } = await scenario({ nodeIds: ["n1", "n2", "n3", "n4"] });
    await client.put("n1", "k", "base");
    await cluster.settle();
    const { context } = await client.read("n1", "k");
    cluster.partition(["n1", "n2"], ["n3", "n4"]);
    await noticed(cluster);

    await client.put("n1", "k", "a", { context });
    await client.put("n3", "k", "b", { context });
    const during = await copies(cluster, "k");
    cluster.heal();
    await cluster.settle();
    const after = await copies(cluster, "k");
    const both = await client.read("n2", "k");
    await client.put("n2", "k", "a and b", { context: both.context });
    await cluster.settle();

    expect(Object.values(during)).toEqual(expect.arrayContaining(["a", "b"]));
    const { homes } = placed(cluster, "k");
    expect(homes.map((home) => after[home])).toEqual(["a b", "a b", "a b"]);
    expect(both.values).toEqual(["a", "b"]);
    const merged = await copies(cluster, "k");
    expect(homes.map((home) => merged[home])).toEqual(["a and b", "a and b", "a and b"]);
  });
});
