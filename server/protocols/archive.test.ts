import { describe, expect, test } from "vitest";
import { copies, eventsOf, noRepair, scenario } from "../simulation/scenario.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";
import type { Archive } from "./archive.ts";

const alone = {
  nodeIds: ["n1", "n2"],
  intervals: noRepair,
  partitionCount: 1,
  buckets: { default: { n: 2 } },
};

describe("a partition's snapshot", () => {
  test("is taken while writes go on, and holds all that was acknowledged before it began", async () => {
    const { cluster, client } = await scenario(alone);
    for (let index = 0; index < 300; index += 1) await client.put("n1", `k${index}`, "v");

    const snapshot = archiveOf(cluster).snapshot(0);
    const meanwhile = ["k0", "k299", "new"].map((key) =>
      client.write("n1", { bucket: "default", key, value: new TextEncoder().encode("later") }),
    );
    const [taken, ...written] = await cluster.world.run(Promise.all([snapshot, ...meanwhile]));

    expect(written.map(({ type }) => type)).toEqual(["ok", "ok", "ok"]);
    expect(taken.type === "ok" && taken.keyCount).toBeGreaterThanOrEqual(300);
  });

  test("restored into an empty node of a new incarnation gives back every value, and no dot twice", async () => {
    const { cluster, client } = await scenario(alone);
    for (let index = 0; index < 20; index += 1) await client.put("n1", `k${index}`, "v");
    const taken = await cluster.world.run(archiveOf(cluster).snapshot(0));
    const before = cluster.node("n1").health().incarnation;
    for (const name of ["n1", "n2"]) {
      cluster.crash(name);
      cluster.machine(name).disk.wipe();
      await cluster.start(name);
    }
    await cluster.world.runFor(300);

    const restored = await cluster.world.run(
      archiveOf(cluster).restore(taken.type === "ok" ? taken.bytes : new Uint8Array()),
    );
    const { context } = await client.read("n1", "k0");
    await client.put("n1", "k0", "after", { context });

    expect(restored).toEqual({ type: "ok", mergedCount: 20, foreignCount: 0 });
    expect(cluster.node("n1").health().incarnation).not.toBe(before);
    expect((await copies(cluster, "k0"))["n1"]).toBe("after");
    expect((await copies(cluster, "k19"))["n1"]).toBe("v");
    const dots = eventsOf(cluster, "write-minted").map(({ dot }) => `${dot.actor}:${dot.counter}`);
    expect(new Set(dots).size).toBe(dots.length);
  });

  test("restored over newer data changes nothing that is newer", async () => {
    const { cluster, client } = await scenario(alone);
    await client.put("n1", "k", "old");
    const taken = await cluster.world.run(archiveOf(cluster).snapshot(0));
    const { context } = await client.read("n1", "k");
    await client.put("n1", "k", "new", { context });

    await cluster.world.run(archiveOf(cluster).restore(taken.type === "ok" ? taken.bytes : new Uint8Array()));

    expect((await copies(cluster, "k"))["n1"]).toBe("new");
  });

  test("that is damaged, or of another cluster, is refused whole", async () => {
    const { cluster, client } = await scenario(alone);
    await client.put("n1", "k", "v");
    const taken = await cluster.world.run(archiveOf(cluster).snapshot(0));
    const bytes = Uint8Array.from(taken.type === "ok" ? taken.bytes : []);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;

    const outcome = await cluster.world.run(archiveOf(cluster).restore(bytes));

    expect(outcome).toMatchObject({ type: "failed", mergedCount: 0 });
  });
});

function archiveOf(cluster: SimulatedCluster): Archive {
  const { archive } = cluster.node("n1");
  if (archive === undefined) throw new Error("n1 does not serve");
  return archive;
}
