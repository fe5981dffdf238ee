import { describe, expect, test } from "vitest";
import { eventsOf, noRepair, noticed, placed, scenario } from "../simulation/scenario.ts";
import { SimulatedNetwork } from "../simulation/simulated-network.ts";
import { SimulatedProcess } from "../simulation/simulated-process.ts";

describe("what a node believes of its peers", () => {
  test("a one-way cut is seen only by those who get no answer, and is over soon after the heal", async () => {
    const { cluster } = await scenario();
    cluster.links.cut("n1", "n2");
    await noticed(cluster);
    const unreachableFrom = (name: string) => cluster.node(name).calm().unreachablePeers;

    // n2's questions reach n1, and n1's answers are lost on the way back.
    expect(unreachableFrom("n1")).toEqual(["n2"]);
    expect(unreachableFrom("n2")).toEqual(["n1"]);
    expect(unreachableFrom("n3")).toEqual([]);

    cluster.heal();
    await cluster.world.runFor(3500);
    expect(unreachableFrom("n1")).toEqual([]);
    expect(unreachableFrom("n2")).toEqual([]);
  });

  test("writes go round a peer that one node cannot reach, and the others use it as before", async () => {
    const { cluster, client } = await scenario({ intervals: noRepair });
    const { first, second, third } = placed(cluster, "k");
    cluster.links.cut(first, second);
    await noticed(cluster);

    const round = await client.put(first, "k", "v", { w: 3 });
    const direct = await client.put(third, "k", "w", { w: 3 });

    expect(round.degraded).toBe(true);
    expect(direct.degraded).toBe(false);
  });

  test("never changes the ring", async () => {
    const { cluster } = await scenario();
    const before = cluster.node("n1").ring();
    for (const name of ["n2", "n3", "n4"]) cluster.crash(name);
    await cluster.world.runFor(60_000);

    expect(cluster.node("n1").ring()).toEqual(before);
  });

  test("a jump of the wall clock suspects nobody", async () => {
    const { cluster } = await scenario();

    cluster.machine("n1").time.wallOffsetMs += 86_400_000;
    await noticed(cluster);
    cluster.machine("n1").time.wallOffsetMs -= 2 * 86_400_000;
    await noticed(cluster);

    expect(eventsOf(cluster, "peer-suspected").filter(({ node }) => node === "n1")).toEqual([]);
  });

  test("a node that was stopped blames itself, not everybody else", async () => {
    const { cluster } = await scenario();
    cluster.machine("n1").process.pause();
    await cluster.world.runFor(10_000);

    cluster.machine("n1").process.resume();
    await noticed(cluster);

    expect(eventsOf(cluster, "peer-suspected").filter(({ node }) => node === "n1")).toEqual([]);
    expect(eventsOf(cluster, "peer-suspected").map(({ peer }) => peer)).toEqual(["n1", "n1", "n1", "n1"]);
    expect(cluster.node("n2").calm().unreachablePeers).toEqual([]);
  });

  test("many requests that fail in one moment are one failure", async () => {
    const { cluster, client } = await scenario({
      intervals: { ...noRepair, pingMs: 100_000, pingMaxMs: 100_000 },
    });
    const { first, second } = placed(cluster, "k");
    cluster.machine(second).process.pause();

    const keys = Array.from({ length: 200 }, (_, index) => `k${index}`);
    const value = new Uint8Array(1);
    await cluster.world.run(
      Promise.all(keys.map((key) => client.write(first, { bucket: "default", key, value, timeoutMs: 100 }))),
    );

    expect(eventsOf(cluster, "peer-suspected")).toEqual([]);
  });

  test("nodes that place keys differently do not serve each other", async () => {
    const { cluster } = await scenario({ nodeIds: ["n1", "n2"] });
    const { cluster: other } = await scenario({ nodeIds: ["n1", "n2"], partitionCount: 16 });
    const process = new SimulatedProcess(cluster.world, "n3");
    const network = new SimulatedNetwork(cluster.links, "n3", process);
    let ringHash = cluster.node("n2").ring().hash;
    const n3 = { nodeId: "n3", incarnation: "1", boot: 1 };
    await network.serve(
      n3,
      async () => ({ type: "pong" }),
      () => ringHash,
    );
    const ping = () => cluster.world.run(network.request("n1", { type: "ping" }, 100));

    const alike = await ping();
    ringHash = other.node("n2").ring().hash;
    const unlike = await ping();

    expect(alike).toEqual({ type: "reply", reply: { type: "pong" } });
    expect(unlike).toEqual({ type: "reply", reply: { type: "refused", reason: "wrong-ring" } });
  });
});
