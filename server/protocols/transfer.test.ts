import { describe, expect, test } from "vitest";
import type { NodeId } from "../ports/network.ts";
import type { TraceEvent } from "../ports/trace.ts";
import { type Scenario, scenario } from "../simulation/scenario.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";

const keyCount = 40;
const keys = Array.from({ length: keyCount }, (_, index) => `k${index}`);

/** Five nodes with data and a sixth, started, that nobody has let in yet. */
async function beforeJoin(seed = 1): Promise<Scenario> {
  const given = await scenario({ seed, spareIds: ["n6", "n7", "n8"] });
  for (const key of keys) await given.client.put("n1", key, `${key} first`, { w: 3 });
  await given.cluster.start("n6");
  await given.cluster.world.runFor(3000);
  return given;
}

/** Runs the world until some node traces such an event; throws after a minute. */
async function until(cluster: SimulatedCluster, type: TraceEvent["type"]): Promise<NodeId> {
  const from = cluster.events.length;
  for (let step = 0; step < 60_000; step += 1) {
    const seen = cluster.events.slice(from).find(({ event }) => event.type === type);
    if (seen !== undefined) return seen.node;
    await cluster.world.runFor(1);
  }
  throw new Error(`nobody ${type}`);
}

/** What is not as it should be once all is quiet: every key on exactly its homes, all alike, with what it should hold. */
async function misplaced(
  { cluster, client }: Scenario,
  valueOf: (key: string) => readonly string[] = (key) => [`${key} first`],
): Promise<readonly string[]> {
  await cluster.settle();
  const up = cluster.machineNames().filter((name) => cluster.isUp(name));
  const problems: string[] = [];
  for (const key of keys) {
    const homes = cluster.node("n1").preference("default", key).homes.toSorted().join();
    const holders: NodeId[] = [];
    for (const name of up) {
      const { main } = await cluster.world.run(cluster.node(name).rawKey("default", key));
      if (main.type === "found") holders.push(name);
    }
    if (holders.join() !== homes) problems.push(`${key} is on ${holders.join()} and belongs to ${homes}`);
    const values = (await client.read("n1", key)).values.join(" | ");
    if (values !== valueOf(key).join(" | ")) problems.push(`${key} holds ${values}`);
  }
  return problems;
}

describe("a join", () => {
  test("moves what the new ring says and nothing else, and ends", async () => {
    const given = await beforeJoin();
    const { cluster } = given;
    expect(await cluster.world.run(cluster.node("n6").order({ type: "join", nodeId: "n6" }))).toMatchObject({
      type: "refused",
    });

    await cluster.order("n2", { type: "join", nodeId: "n6" });

    expect(await misplaced(given)).toEqual([]);
    expect(
      cluster
        .node("n3")
        .ring()
        .members.map(({ nodeId }) => nodeId),
    ).toContain("n6");
    expect(
      cluster
        .node("n4")
        .membership()
        .members.map(({ state }) => state),
    ).toEqual(Array.from({ length: 6 }, () => "valid"));
  });

  test("of three nodes at once loses nothing", async () => {
    const given = await beforeJoin();
    const { cluster, client } = given;
    await cluster.start("n7");
    await cluster.start("n8");
    await cluster.world.runFor(3000);

    for (const [at, nodeId] of [
      ["n1", "n6"],
      ["n2", "n7"],
      ["n3", "n8"],
    ] as const) {
      await cluster.order(at, { type: "join", nodeId });
    }
    for (const key of keys) {
      const { context } = await client.read("n4", key);
      await client.put("n5", key, `${key} second`, { context });
    }

    expect(await misplaced(given, (key) => [`${key} second`])).toEqual([]);
  });

  test("a delete while its partition moves stays deleted", async () => {
    const given = await beforeJoin();
    const { cluster, client } = given;
    await cluster.order("n2", { type: "join", nodeId: "n6" });
    await until(cluster, "transfer-streamed");

    for (const key of keys) {
      const { context } = await client.read("n4", key);
      await client.put("n5", key, null, { context });
    }

    expect(await misplaced(given, () => [])).toEqual([]);
  });

  test("that is cancelled leaves everything where it was", async () => {
    const given = await beforeJoin();
    const { cluster } = given;
    const before = keys.map((key) => cluster.node("n1").preference("default", key).homes);
    await cluster.order("n2", { type: "join", nodeId: "n6" });
    await until(cluster, "transfer-streamed");

    await cluster.order("n3", { type: "cancel", nodeId: "n6" });

    expect(await misplaced(given)).toEqual([]);
    expect(keys.map((key) => cluster.node("n1").preference("default", key).homes)).toEqual(before);
    expect(
      cluster
        .node("n1")
        .membership()
        .members.map(({ nodeId }) => nodeId),
    ).not.toContain("n6");
  });
});

describe("a leave", () => {
  test("gives everything away, and then the node is gone for good", async () => {
    const given = await beforeJoin();
    const { cluster } = given;

    await cluster.order("n4", { type: "leave", nodeId: "n2" });
    await cluster.settle();

    expect(await misplaced(given)).toEqual([]);
    expect(
      cluster
        .node("n1")
        .ring()
        .members.map(({ nodeId }) => nodeId),
    ).not.toContain("n2");
    expect(await cluster.world.run(cluster.node("n1").order({ type: "join", nodeId: "n2" }))).toMatchObject({
      type: "refused",
    });
  });
});

describe("a node that is lost", () => {
  test("is replaced by an empty one, which is given all that the old one had", async () => {
    const given = await beforeJoin();
    const { cluster } = given;
    cluster.crash("n3");
    cluster.machine("n3").disk.wipe();
    await cluster.start("n3");
    await cluster.world.runFor(3000);

    await cluster.order("n1", { type: "replace", nodeId: "n3" });

    expect(await misplaced(given)).toEqual([]);
  });

  test("is removed, and its hints go to those who have its keys now", async () => {
    const given = await beforeJoin();
    const { cluster, client } = given;
    cluster.crash("n3");
    await cluster.world.runFor(3000);
    for (const key of keys) {
      const { context } = await client.read("n1", key);
      await client.put("n2", key, `${key} second`, { context });
    }
    expect(["n1", "n2", "n4", "n5"].some((name) => cluster.node(name).health().hintCount > 0)).toBe(true);

    await cluster.order("n1", { type: "remove", nodeId: "n3" });

    expect(await misplaced(given, (key) => [`${key} second`])).toEqual([]);
  });
});

describe("a crash in any phase of a transfer loses nothing", () => {
  const phases = [
    "ring-changed",
    "transfer-accepted",
    "transfer-streamed",
    "transfer-sealed",
    "tree-held",
    "tree-released",
  ] as const;
  const cases = phases.flatMap((phase) =>
    (["the new node", "the one that tells"] as const).flatMap((victim) =>
      (["killed", "without power"] as const).map((how) => ({ phase, victim, how })),
    ),
  );

  test.each(cases)("$victim $how at $phase", async ({ phase, victim, how }) => {
    const given = await beforeJoin();
    const { cluster, client } = given;
    const ordered = cluster.node("n2").order({ type: "join", nodeId: "n6" });
    const teller = await until(cluster, phase);
    await cluster.world.run(ordered);
    const node = victim === "the new node" ? "n6" : teller;
    if (how === "killed") cluster.crash(node);
    else cluster.cutPower(node);
    const writer = node === "n4" ? "n5" : "n4";
    for (const key of keys.slice(0, 10)) {
      const { context } = await client.read(writer, key);
      await client.put(writer, key, `${key} second`, { context });
    }
    await cluster.world.runFor(2000);

    await cluster.start(node);

    expect(
      await misplaced(given, (key) => [`${key} ${keys.indexOf(key) < 10 ? "second" : "first"}`]),
    ).toEqual([]);
  });
});
