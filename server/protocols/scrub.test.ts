import { describe, expect, test } from "vitest";
import { copies, eventsOf, noHandoff, noRepair, scenario } from "../simulation/scenario.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";

const nodeIds = ["n1", "n2", "n3"];
const often = { scrubMs: 50 };

describe("the scrub", () => {
  test("says since when the store is clean, after a whole pass without a finding", async () => {
    const { cluster, client } = await scenario({ nodeIds, intervals: { ...noRepair, ...often } });
    await client.put("n1", "k", "v", { w: 3 });
    const wallMs = cluster.node("n1").health().storeCleanSinceMs;

    await cluster.world.runFor(500);

    expect(cluster.node("n1").health().storeCleanSinceMs).toBeGreaterThan(wallMs ?? 0);
    expect(eventsOf(cluster, "record-quarantined")).toEqual([]);
  });

  test("finds a record that fails its checksum, keeps its bytes aside, and it is mended from a peer", async () => {
    const { cluster, storageKey } = await withOneKey();
    const { disk } = cluster.machine("n2");
    const before = bytesOf(cluster, storageKey);

    disk.damage("values", storageKey);
    await cluster.world.runFor(3000);

    expect(eventsOf(cluster, "record-quarantined")[0]).toMatchObject({ node: "n2", key: "k" });
    expect(disk.read("quarantine", `values/${storageKey}`)).toEqual({ type: "found", bytes: before });
    expect(cluster.node("n2").health().quarantinedCount).toBe(1);
    expect(await copies(cluster, "k")).toEqual({ n1: "v2", n2: "v2", n3: "v2" });
  });

  test("finds a record that was put back to an older one, which no checksum shows, and it is mended", async () => {
    const { cluster, client, storageKey, older } = await withOneKey();

    cluster.machine("n2").disk.forge("values", storageKey, older);
    await cluster.world.runFor(3000);
    const { context } = await client.read("n2", "k");
    const put = await client.put("n2", "k", "v3", { context, w: 3 });

    const reasons = eventsOf(cluster, "record-quarantined").map(({ node, reason }) => [node, reason]);
    expect(reasons).toEqual([["n2", "the record is not what was written"]]);
    expect(await copies(cluster, "k")).toEqual({ n1: "v3", n2: "v3", n3: "v3" });
    const dots = eventsOf(cluster, "write-minted").map(({ dot }) => `${dot.actor}:${dot.counter}`);
    expect(new Set(dots).size).toBe(3);
    expect(put.coordinator).toBe("n2");
  });

  test("finds a record that has vanished, and it is mended", async () => {
    const { cluster, storageKey } = await withOneKey();

    cluster.machine("n2").disk.forge("values", storageKey, undefined);
    await cluster.world.runFor(3000);

    const reasons = eventsOf(cluster, "record-quarantined").map(({ node, reason }) => [node, reason]);
    expect(reasons).toEqual([["n2", "the record has vanished"]]);
    expect(await copies(cluster, "k")).toEqual({ n1: "v2", n2: "v2", n3: "v2" });
  });
});

describe("the trees", () => {
  test("are there at once after a clean stop, without a look at the records", async () => {
    const { cluster } = await withOneKey();
    const root = treeRoots(cluster);

    await cluster.stop("n2");
    cluster.machine("n2").disk.forge("values", "0000/default/never seen", Uint8Array.of(1));
    await cluster.start("n2");
    await cluster.world.runFor(20);

    expect(cluster.node("n2").health().areTreesBuilt).toBe(true);
    expect(treeRoots(cluster)).toEqual(root);
    expect(eventsOf(cluster, "record-quarantined")).toEqual([]);
  });

  test("are not believed after a crash, when the data may have lost what they still show", async () => {
    const { cluster, client, storageKey, older } = await withOneKey({ ...noRepair });
    await cluster.stop("n2");
    await cluster.start("n2");
    await client.put("n1", "other", "w", { w: 3 });
    const saved = treeRoots(cluster);

    cluster.cutPower("n2");
    cluster.machine("n2").disk.forge("values", storageKey, older);
    await cluster.start("n2");
    await cluster.world.runFor(300);

    expect(cluster.node("n2").health().areTreesBuilt).toBe(true);
    expect(treeRoots(cluster)).not.toEqual(saved);
    await cluster.settle();
    expect(await copies(cluster, "k")).toEqual({ n1: "v2", n2: "v2", n3: "v2" });
  });
});

/** Three homes of one key that was written twice; `older` is its record in between. */
async function withOneKey(intervals: object = { ...noHandoff, ...often, antiEntropyMs: 200 }) {
  const { cluster, client } = await scenario({
    nodeIds,
    intervals,
    buckets: { default: { readRepair: "off" } },
  });
  await client.put("n2", "k", "v1", { w: 3 });
  const [storageKey = ""] = cluster.machine("n2").disk.keys("values");
  const older = bytesOf(cluster, storageKey);
  const { context } = await client.read("n2", "k");
  await client.put("n2", "k", "v2", { context, w: 3 });
  await cluster.world.runFor(1000);
  return { cluster, client, storageKey, older };
}

function bytesOf(cluster: SimulatedCluster, storageKey: string): Uint8Array {
  const read = cluster.machine("n2").disk.read("values", storageKey);
  return read.type === "found" ? read.bytes : new Uint8Array();
}

function treeRoots(cluster: SimulatedCluster): readonly string[] {
  return [...cluster.node("n2").calm().treeRoots.values()];
}
