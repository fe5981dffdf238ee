import { expect, test } from "vitest";
import type { Intervals } from "../config.ts";
import { eventsOf, noRepair } from "../simulation/scenario.ts";
import { SimulatedCluster } from "../simulation/simulated-cluster.ts";

const gossipMs = 1000;
const never = 1_000_000_000;

/** Nothing is said but gossip, so that nobody learns of a ring from the messages of other work. */
const gossipAlone: Partial<Intervals> = {
  ...noRepair,
  gossipMs,
  pingMs: never,
  transferMs: never,
  reapMs: never,
  scrubMs: never,
};

/**
 * Rounds until every node has the ring that one of them made. That one reaches a single other node while it is asked,
 * so the change spreads by gossip and not by being told to all at once.
 */
async function roundsToAll(nodeCount: number, seed: number): Promise<number> {
  const nodeIds = Array.from({ length: nodeCount }, (_, index) => `n${index + 1}`);
  const [issuer = "", confidant = "", ...others] = nodeIds;
  const cluster = await SimulatedCluster.started({ seed, nodeIds, intervals: gossipAlone });
  await cluster.world.runFor(3 * gossipMs);
  const before = eventsOf(cluster, "ring-changed").length;
  cluster.partition([issuer], others);
  await cluster.order(issuer, { type: "leave", nodeId: others.at(-1) ?? "" });
  expect(cluster.node(confidant).ring().hash).toBe(cluster.node(issuer).ring().hash);
  cluster.heal();
  for (let round = 0; ; round += 1) {
    if (eventsOf(cluster, "ring-changed").length - before >= nodeCount) return round;
    await cluster.world.runFor(gossipMs);
  }
}

test.each([5, 10, 20])(
  "a change is known to all of %i nodes within 2 log2 S + 3 rounds of gossip",
  async (nodeCount) => {
    const rounds: number[] = [];

    for (let seed = 1; seed <= 4; seed += 1) rounds.push(await roundsToAll(nodeCount, seed));

    expect(Math.max(...rounds)).toBeLessThanOrEqual(2 * Math.log2(nodeCount) + 3);
  },
);

test("a change is told to all who can be reached before it is answered", async () => {
  const nodeIds = Array.from({ length: 8 }, (_, index) => `n${index + 1}`);
  const cluster = await SimulatedCluster.started({ seed: 1, nodeIds, intervals: gossipAlone });
  await cluster.world.runFor(3 * gossipMs);

  await cluster.order("n1", { type: "leave", nodeId: "n8" });

  expect(new Set(nodeIds.map((name) => cluster.node(name).ring().hash)).size).toBe(1);
});
