import { expect, test } from "vitest";
import type { RingView } from "../node.ts";
import { eventsOf, placed, scenario } from "../simulation/scenario.ts";
import { applicationIn } from "../simulation/simulated-application.ts";
import { found, textsOf, wrote } from "./client.contract.ts";
import type { Entry } from "./entry.ts";
import { placementsOf, pullMs } from "./ring-watch.ts";

const one = new TextEncoder().encode("one");
const itemCount = 30;

test("a client that drives itself is one hop from every home: no node forwards, each write is coordinated by a home", async () => {
  const { cluster } = await scenario();
  const { client } = await applicationIn(cluster, { drives: "client" });

  for (let index = 0; index < itemCount; index += 1) {
    const { coordinator } = wrote(await cluster.world.run(client.put("b", `k${index}`, one)));
    expect(placed(cluster, `k${index}`, "b").homes).toContain(coordinator);
  }

  expect(eventsOf(cluster, "write-forwarded")).toEqual([]);
});

test("a client driven by the servers costs one hop where its node is no home, and never two", async () => {
  const { cluster } = await scenario();
  const { client } = await applicationIn(cluster, { drives: "servers" });

  for (let index = 0; index < itemCount; index += 1) {
    const { coordinator } = wrote(await cluster.world.run(client.put("b", `k${index}`, one)));
    expect(placed(cluster, `k${index}`, "b").homes).toContain(coordinator);
  }

  const forwarded = eventsOf(cluster, "write-forwarded").map(({ key }) => key);
  expect(forwarded.length).toBeGreaterThan(0);
  expect(new Set(forwarded).size).toBe(forwarded.length);
});

test("a client that drives itself coordinates its reads, and mends a home that is behind", async () => {
  const { cluster } = await scenario({ intervals: { hintScanMs: 1e9, antiEntropyMs: 1e9 } });
  const { client, events } = await applicationIn(cluster, { drives: "client" });
  const key = "k";
  const { third } = placed(cluster, key);
  cluster.partition([third], [...cluster.nodeIds.filter((node) => node !== third), "client:1"]);
  wrote(await cluster.world.run(client.put("default", key, one)));
  cluster.heal();
  await cluster.world.runFor(5000);

  const got = found(await cluster.world.run(client.get("default", key)));
  await cluster.world.runFor(500);

  expect(got.coordinator).toBe("client:1");
  expect(eventsOf(cluster, "read-answered")).toEqual([]);
  expect(events).toContainEqual({ type: "read-repaired", bucket: "default", key, to: third });
});

test("a write goes to the home that answered the read first", async () => {
  const { cluster } = await scenario();
  const { client } = await applicationIn(cluster, { drives: "client" });
  const key = "k";
  const { first, second, third } = placed(cluster, key);
  cluster.links.slow(first, 20);
  cluster.links.slow(third, 20);
  const { context } = found(await cluster.world.run(client.get("default", key)));

  const { coordinator } = wrote(await cluster.world.run(client.put("default", key, one, { context })));

  expect(coordinator).toBe(second);
});

test("the ring is pulled every ten seconds", async () => {
  const { cluster } = await scenario();
  const { ringWatch } = await applicationIn(cluster, { drives: "client" });

  await cluster.world.runFor(5.5 * pullMs);

  expect(ringWatch.pullCount).toBe(6);
});

test("the ring is pulled at once when a node cannot be reached", async () => {
  const { cluster } = await scenario();
  const { client, ringWatch } = await applicationIn(cluster, { drives: "client" });
  cluster.crash(placed(cluster, "k").first);

  wrote(await cluster.world.run(client.put("default", "k", one)));

  expect(ringWatch.pullCount).toBe(2);
});

test("a client with an old ring is told so by a node that owns nothing of it, learns, and gets its answer", async () => {
  const { cluster } = await scenario();
  const old = await oldRing();
  const lie = new Lie(old);
  const through = (entry: Entry) => lie.over(entry);
  const { client, ringWatch } = await applicationIn(cluster, { drives: "client", through });
  const known = ringWatch.known?.view.hash;
  lie.isOver = true;

  for (let index = 0; index < itemCount; index += 1) {
    const key = `k${index}`;
    wrote(await cluster.world.run(client.put("default", key, one)));
    expect(textsOf(await cluster.world.run(client.get("default", key)))).toEqual(["one"]);
  }

  expect(known).toBe(old.hash);
  expect(ringWatch.known?.view.hash).toBe(cluster.node("n1").ring().hash);
  expect(cluster.world.nowMs()).toBeLessThan(pullMs);
});

test("a ring that does not add up is not used: the servers drive until one does", async () => {
  const { cluster } = await scenario();
  const lie = new Lie({ ...cluster.node("n1").ring(), hash: "0123456789abcdef" });
  const through = (entry: Entry) => lie.over(entry);
  const { client } = await applicationIn(cluster, { drives: "client", through });

  wrote(await cluster.world.run(client.put("default", "k", one)));
  const driven = found(await cluster.world.run(client.get("default", "k")));
  lie.isOver = true;
  await cluster.world.runFor(pullMs);
  const driving = found(await cluster.world.run(client.get("default", "k")));

  expect(cluster.nodeIds).toContain(driven.coordinator);
  expect(driving.coordinator).toBe("client:1");
});

test("client and server place 100,000 random keys alike, from what travels between them", async () => {
  const { cluster } = await scenario({ partitionCount: 64 });
  const node = cluster.node("n3");
  const view = JSON.parse(JSON.stringify(node.ring())) as RingView;
  const placements = placementsOf(view, "client:1");
  const random = cluster.world.random("keys");

  let differing = 0;
  for (let index = 0; index < 100_000; index += 1) {
    const key = Buffer.from(random.bytes(8)).toString("base64url");
    const { homes, fallbacks, partition } = node.preference("b", key);
    const placement = placements?.of({ bucket: "b", key });
    const isSame =
      placement?.tree.partition === partition &&
      placement.homes.join() === homes.join() &&
      placement.fallbacks.join() === fallbacks.join();
    if (!isSame) differing += 1;
  }

  expect(differing).toBe(0);
});

/** The ring of the first four nodes, as it was before the fifth joined. */
async function oldRing(): Promise<RingView> {
  const { cluster } = await scenario({ nodeIds: ["n1", "n2", "n3", "n4"] });
  return cluster.node("n1").ring();
}

/** Tells every asker of the ring the same, until it is over. */
class Lie {
  isOver = false;
  readonly #view: RingView;

  constructor(view: RingView) {
    this.#view = view;
  }

  over(entry: Entry): Entry {
    return {
      get: entry.get.bind(entry),
      write: entry.write.bind(entry),
      ring: async (node, timeoutMs) => (this.isOver ? entry.ring(node, timeoutMs) : this.#view),
      close: entry.close.bind(entry),
    };
  }
}
