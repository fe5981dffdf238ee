import { describe, expect, test } from "vitest";
import type { BucketConfig } from "../config.ts";
import type { NodeId } from "../ports/network.ts";
import { copies, noticed, type Scenario, scenario } from "../simulation/scenario.ts";

const keys = Array.from({ length: 30 }, (_, index) => `k${index}`);
const centres = { north: ["n1", "n2"], east: ["n3", "n4"], west: ["n5", "n6"] } as const;
const nodeIds: readonly NodeId[] = Object.values(centres).flat();
const everyCentre = Object.keys(centres) as (keyof typeof centres)[];

/** Six nodes in three data centres, two in each, and every key's first value, acknowledged by `w` of its homes. */
async function threeCentres(bucket: Partial<BucketConfig>, w: number): Promise<Scenario> {
  const traits = new Map(everyCentre.flatMap((dc) => centres[dc].map((node) => [node, { dc }] as const)));
  const given = await scenario({ nodeIds, traits, buckets: { default: bucket } });
  for (const key of keys) await given.client.put("n1", key, "first", { w });
  return given;
}

const othersOf = (dc: keyof typeof centres) =>
  nodeIds.filter((node) => !centres[dc].some((one) => one === node));

async function cutOff({ cluster }: Scenario, dc: keyof typeof centres): Promise<void> {
  cluster.partition(centres[dc], othersOf(dc));
  await noticed(cluster);
}

/** Reads every key there and replaces what it holds; whatever is refused throws. */
async function readAndReplaceAll({ client }: Scenario, at: readonly NodeId[], value: string) {
  for (const [index, key] of keys.entries()) {
    const entry = at[index % at.length] ?? "";
    const { values, context } = await client.read(entry, key);
    expect(values).toEqual(["first"]);
    await client.put(entry, key, value, { context });
  }
}

/** What a key's copies hold, those outside of a data centre first. */
async function copiesAround({ cluster }: Scenario, key: string, dc: keyof typeof centres) {
  const held = await copies(cluster, key);
  const at = (nodes: readonly NodeId[]) => nodes.map((node) => held[node]).filter((value) => value !== "-");
  return { outside: at(othersOf(dc)), inside: at(centres[dc]) };
}

describe.each(everyCentre)("with the data centre %s cut off", (dc) => {
  test("every key has a copy outside, and is read and written there by a strict quorum of its homes", async () => {
    const all = await threeCentres({ sloppy: false }, 3);
    for (const key of keys) expect((await copiesAround(all, key, dc)).outside).toEqual(["first", "first"]);
    await cutOff(all, dc);

    await readAndReplaceAll(all, othersOf(dc), "outside");

    for (const key of keys) {
      expect(await copiesAround(all, key, dc)).toEqual({
        outside: ["outside", "outside"],
        inside: ["first"],
      });
    }
  });
});

test("a data centre on its own refuses strict writes, and goes on with sloppy ones that meet the others' afterwards", async () => {
  const strict = await threeCentres({ sloppy: false }, 3);
  await cutOff(strict, "west");
  const value = new TextEncoder().encode("inside");
  const refused = await strict.cluster.world.run(
    strict.client.write("n5", { bucket: "default", key: "k0", value, timeoutMs: 500 }),
  );
  const sloppy = await threeCentres({}, 3);
  await cutOff(sloppy, "west");

  await readAndReplaceAll(sloppy, centres.west, "inside");
  await readAndReplaceAll(sloppy, othersOf("west"), "outside");
  sloppy.cluster.heal();
  await sloppy.cluster.settle();

  expect(refused).toMatchObject({ error: "quorum-unmet" });
  for (const key of keys) {
    expect((await sloppy.client.read("n1", key, { r: 3 })).values).toEqual(["inside", "outside"]);
  }
});

test("a data centre that is lost with all its disks takes no write with it that two homes had acknowledged", async () => {
  const all = await threeCentres({}, 2);
  for (const node of centres.east) {
    all.cluster.crash(node);
    all.cluster.machine(node).disk.wipe();
  }
  await noticed(all.cluster);

  await readAndReplaceAll(all, othersOf("east"), "without it");

  for (const key of keys) expect((await all.client.read("n1", key)).values).toEqual(["without it"]);
});
