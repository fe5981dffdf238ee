/**
 * The paper's first promise, second by second: as long as one node on this side of every cut is alive, a cart takes
 * adds (Dynamo §1, §4.6). A customer in each of two data centres reads the cart and adds an item, all the time, at a
 * node of that side, as a load balancer would have it; R and W are 1.
 */
import { describe, expect, test } from "vitest";
import type { NodeId } from "../ports/network.ts";
import { type Scenario, scenario } from "../simulation/scenario.ts";
import { SimulatedClient } from "../simulation/simulated-client.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";

const east: readonly NodeId[] = ["n1", "n2", "n3"];
const west: readonly NodeId[] = ["n4", "n5", "n6"];
const nodeIds = [...east, ...west];
const seconds = 12;
/** How long a request may take, and how long a customer waits for one. */
const timeoutMs = 500;
const cart = { bucket: "carts", key: "cart" };

type Customer = {
  readonly side: readonly NodeId[];
  /** By second. */
  readonly adds: number[];
  readonly reads: number[];
  readonly added: string[];
  failureCount: number;
};

/** Told of the beginning of each second, from 0. */
type Fault = (cluster: SimulatedCluster, second: number) => Promise<void> | void;

const zeros = () => Array.from({ length: seconds }, () => 0);

async function shop(
  fault: Fault,
): Promise<{ readonly all: Scenario; readonly customers: readonly Customer[] }> {
  const traits = new Map(east.map((node) => [node, { dc: "east" }]));
  for (const node of west) traits.set(node, { dc: "west" });
  const all = await scenario({ nodeIds, traits, buckets: { carts: { r: 1, w: 1 } } });
  const customers = [east, west].map(
    (side): Customer => ({ side, adds: zeros(), reads: zeros(), added: [], failureCount: 0 }),
  );
  const shopping = Promise.all(customers.map((customer) => fillCart(all.cluster, customer)));
  for (let second = 0; second < seconds; second += 1) {
    await fault(all.cluster, second);
    await all.cluster.world.runFor(1000);
  }
  await all.cluster.world.run(shopping);
  return { all, customers };
}

/** Reads the cart and adds an item, again and again; a request counts in the second in which it was made. */
async function fillCart(cluster: SimulatedCluster, customer: Customer): Promise<void> {
  const client = new SimulatedClient(cluster, timeoutMs);
  const { side, adds, reads, added } = customer;
  const { world } = cluster;
  const beganMs = world.nowMs();
  for (let wish = 0; world.nowMs() < beganMs + seconds * 1000; wish += 1) {
    const second = Math.floor((world.nowMs() - beganMs) / 1000);
    const up = side.filter((node) => cluster.isUp(node));
    const entry = up[wish % up.length] ?? "";
    const seen = await client.get(entry, { ...cart, timeoutMs });
    if (seen.type === "ok") reads[second] = (reads[second] ?? 0) + 1;
    const texts = seen.type === "ok" ? seen.siblings.map(({ value }) => new TextDecoder().decode(value)) : [];
    const item = `${side[0]}.${wish}`;
    const items = new Set([...texts.flatMap((text) => text.split(" ")), item]);
    const value = new TextEncoder().encode([...items].join(" "));
    const context = seen.type === "ok" ? { context: seen.context } : {};
    const put = await client.write(entry, { ...cart, value, ...context, timeoutMs });
    if (put.type === "ok") adds[second] = (adds[second] ?? 0) + 1;
    if (put.type === "ok") added.push(item);
    for (const { type } of [seen, put]) if (type !== "ok") customer.failureCount += 1;
    await new Promise<void>((resolve) => void world.after(80, resolve));
  }
}

/** What is in the cart once everything works again. */
async function itemsAfter({ cluster, client }: Scenario): Promise<ReadonlySet<string>> {
  cluster.heal();
  for (const node of nodeIds) {
    cluster.machine(node).disk.fault = "none";
    if (!cluster.isUp(node)) await cluster.start(node);
  }
  await cluster.settle();
  const { values } = await client.read("n1", cart.key, { bucket: cart.bucket, r: 3 });
  return new Set(values.flatMap((value) => value.split(" ")));
}

/** One node after the other, of both sides in turn, from each fourth second to the second but one after it. */
function inTurn(
  hurt: (cluster: SimulatedCluster, node: NodeId) => void,
  mend: (cluster: SimulatedCluster, node: NodeId) => Promise<void> | void,
): Fault {
  return (cluster, second) => {
    const turn = Math.floor(second / 4);
    const node = (turn % 2 === 0 ? east : west)[turn] ?? "";
    if (second % 4 === 1) return hurt(cluster, node);
    if (second % 4 === 3) return mend(cluster, node);
  };
}

const kill = inTurn(
  (cluster, node) => cluster.crash(node),
  (cluster, node) => cluster.start(node),
);

const fillDisk = inTurn(
  (cluster, node) => void (cluster.machine(node).disk.fault = "full"),
  (cluster, node) => void (cluster.machine(node).disk.fault = "none"),
);

const flap: Fault = (cluster, second) => {
  if (second % 4 === 0) cluster.heal();
  if (second % 4 === 2) cluster.partition(["n1", "n4"], ["n2", "n5"], ["n3", "n6"]);
};

const cutCentre: Fault = (cluster, second) => {
  if (second === 3) cluster.partition(east, west);
  if (second === 9) cluster.heal();
};

const leaveOne: Fault = async (cluster, second) => {
  if (second === 3) {
    cluster.partition(east, west);
    for (const node of west.slice(1)) cluster.crash(node);
  }
  if (second === 9) {
    for (const node of west.slice(1)) await cluster.start(node);
    cluster.heal();
  }
};

describe.each([
  ["one node after the other is killed", kill],
  ["the disk of one node after the other is full", fillDisk],
  ["the links between three groups come and go, two seconds each", flap],
  ["one data centre is cut off from the other", cutCentre],
  ["a single node is left of a data centre that is cut off", leaveOne],
] as const)("while %s", (_what, fault) => {
  test("no second is without adds and reads on either side, and every add that was taken is in the cart", async () => {
    const { all, customers } = await shop(fault);

    for (const { adds, reads, failureCount } of customers) {
      expect(adds).not.toContain(0);
      expect(reads).not.toContain(0);
      expect(failureCount).toBeLessThanOrEqual(2);
    }
    const items = await itemsAfter(all);
    expect(customers.flatMap(({ added }) => added.filter((item) => !items.has(item)))).toEqual([]);
  });
});
