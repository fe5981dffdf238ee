import { expect, test } from "vitest";
import {
  copies,
  hintsOf,
  noAntiEntropy,
  noRepair,
  noticed,
  placed,
  type Scenario,
  scenario,
} from "../simulation/scenario.ts";
import type { Drain, DrainStatus } from "./drain.ts";

function drainOf({ cluster }: Scenario, name: string): Drain {
  const drain = cluster.node(name).operation?.drain;
  if (drain === undefined) throw new Error(`${name} does not serve`);
  return drain;
}

async function drained(given: Scenario, name: string, timeoutMs = 5000): Promise<DrainStatus> {
  return given.cluster.world.run(drainOf(given, name).begin(timeoutMs));
}

test("a drained node takes nothing of clients, is still a replica, and may stop", async () => {
  const given = await scenario();
  const { cluster, client } = given;
  const { first, second } = placed(cluster, "k");

  const status = await drained(given, first);
  const refused = await cluster.world.run(client.get(first, { bucket: "default", key: "k" }));
  const put = await client.put(second, "k", "v", { w: 3 });

  expect(status).toMatchObject({ isDraining: true, mayStop: true, strandedHintCount: 0 });
  expect(refused).toMatchObject({ type: "fail", error: "shutting-down" });
  expect(put.acknowledgements.map(({ node }) => node)).toContain(first);
  expect(cluster.node(first).health().phase).toBe("draining");
});

test("a write that would be forwarded to it is coordinated by the next home, and it stays in good health", async () => {
  const given = await scenario({ intervals: noRepair });
  const { cluster, client } = given;
  const { first, second, stranger } = placed(cluster, "k");
  await drained(given, first);

  const put = await client.put(stranger, "k", "v");

  expect(put.coordinator).toBe(second);
  expect(cluster.node(stranger).health().peers).toContainEqual({ nodeId: first, isReachable: true });
});

test("it waits for the requests that are under way, and says so when the time is over", async () => {
  const given = await scenario({ intervals: noRepair });
  const { cluster, client } = given;
  const { first, second, third } = placed(cluster, "k");
  for (const home of [second, third]) cluster.machine(home).process.pause();
  const read = client.get(first, { bucket: "default", key: "k", r: 3, timeoutMs: 1000 });

  const early = await drained(given, first, 100);
  const later = await drained(given, first, 5000);

  expect(early).toMatchObject({
    mayStop: false,
    reason: "1 requests of clients are under way.",
    requestsInFlight: 1,
  });
  expect(later.mayStop).toBe(true);
  // A fallback stood in for one of the two that hang.
  expect((await read).type).toBe("ok");
});

test("hints are delivered where that is possible, and copied to another node where it is not", async () => {
  const given = await scenario({ intervals: noAntiEntropy });
  const { cluster, client } = given;
  const { first, second, stranger, otherStranger } = placed(cluster, "k");
  cluster.crash(second);
  await noticed(cluster);
  await client.put(first, "k", "v", { w: 3 });
  expect(await hintsOf(cluster, stranger)).toEqual([`${second} k`]);

  const status = await drained(given, stranger);
  cluster.crash(stranger);
  await cluster.start(second);
  await cluster.world.runFor(5000);

  expect(status.mayStop).toBe(true);
  expect(await hintsOf(cluster, otherStranger)).toEqual([]);
  expect((await copies(cluster, "k"))[second]).toBe("v");
});

test("a hint that nobody else can take keeps the node from stopping", async () => {
  const given = await scenario({ nodeIds: ["n1", "n2", "n3"], intervals: noAntiEntropy });
  const { cluster, client } = given;
  cluster.crash("n3");
  await noticed(cluster);
  await client.put("n1", "k", "v");
  await cluster.world.runFor(2000);
  const holder = (await hintsOf(cluster, "n1")).length > 0 ? "n1" : "n2";
  cluster.crash(holder === "n1" ? "n2" : "n1");
  await noticed(cluster);

  const status = await drained(given, holder, 1000);

  expect(status).toMatchObject({
    mayStop: false,
    reason: "1 hints are held here alone.",
    strandedHintCount: 1,
  });
});

test("a drain that is taken back ends, and clients are served again", async () => {
  const given = await scenario({ intervals: noRepair });
  const { cluster, client } = given;
  const { first, second, third } = placed(cluster, "k");
  for (const home of [second, third]) cluster.machine(home).process.pause();
  const read = client.get(first, { bucket: "default", key: "k", r: 3, timeoutMs: 1500 });
  const waiting = drainOf(given, first).begin(60_000);

  const status = drainOf(given, first).cancel();
  const ended = await cluster.world.run(waiting);
  for (const home of [second, third]) cluster.machine(home).process.resume();

  expect([status.isDraining, ended.isDraining, ended.mayStop]).toEqual([false, false, false]);
  await cluster.world.run(read);
  expect((await client.read(first, "k")).values).toEqual([]);
});
