/**
 * What an acknowledgement is worth when machines are lost right after it (Dynamo §4.6, 6; experiment E11).
 *
 * One write to three nodes, N = 3; so long after its acknowledgement the nodes that acknowledged first are destroyed,
 * disk and all. The write is lost if none of the others ever gets it. What a machine had sent and had not arrived is lost
 * with it, which is the worst that can happen: a packet that has left would arrive, and then even W = 1 loses
 * nothing here, since a coordinator sends to all homes before it is answered by its own disk. That case can be asked for.
 *
 * The other half of the bargain is who is refused: with W = 1 nobody while one node is up.
 */
import { copies, noRepair, noticed, scenario } from "../simulation/scenario.ts";
import type { SimulatedCluster } from "../simulation/simulated-cluster.ts";
import type { LinkConditions } from "../simulation/simulated-network.ts";
import { type ExperimentOptions, type Finding, percent } from "./experiment.ts";

export type Loss = {
  readonly w: number;
  /** Destroyed at once: those that acknowledged, in that order, then other homes. */
  readonly machineCount: number;
  /** Between the acknowledgement and the end of the machines. */
  readonly afterMs: number;
  /** What becomes of messages that the machines had sent and nobody has received. */
  readonly underWay: "lost" | "arrives";
};

/** A network with a tail: one message in twenty takes from 5 to 50 ms. */
const links: LinkConditions = {
  delayMs: { from: 0.5, to: 5 },
  slowShare: 0.05,
  lossShare: 0,
  duplicateShare: 0,
};
/** Longer than the slowest message and the slowest disk together. */
const arrivalMs = 200;
const key = "cart";

/** Share of writes that nobody has any more, of worlds with the seeds 1 to `trials`. */
export async function lostShare(loss: Loss, trials: number): Promise<number> {
  let lostCount = 0;
  for (let seed = 1; seed <= trials; seed += 1) if (await isLost(seed, loss)) lostCount += 1;
  return lostCount / trials;
}

async function isLost(seed: number, { w, machineCount, afterMs, underWay }: Loss): Promise<boolean> {
  const { cluster, client } = await scenario({
    seed,
    nodeIds: ["n1", "n2", "n3"],
    buckets: { default: { w } },
    intervals: noRepair,
    links,
  });
  const { acknowledgements } = await client.put("n1", key, "v");
  if (afterMs > 0) await cluster.world.runFor(afterMs);
  const inOrder = new Set([...acknowledgements.map(({ node }) => node), ...cluster.nodeIds]);
  for (const name of [...inOrder].slice(0, machineCount)) destroy(cluster, name, underWay);
  await cluster.world.runFor(arrivalMs);
  return !Object.values(await copies(cluster, key)).includes("v");
}

function destroy(cluster: SimulatedCluster, name: string, underWay: Loss["underWay"]): void {
  cluster.crash(name, "destroyed");
  cluster.machine(name).disk.wipe();
  if (underWay === "lost") for (const other of cluster.nodeIds) cluster.links.cut(name, other);
}

/** Share of `writeCount` writes that are acknowledged while `upCount` of five nodes are up, N = 3, sloppy. */
export async function acceptedShare(w: number, upCount: number, writeCount: number): Promise<number> {
  const { cluster, client } = await scenario({ buckets: { default: { w } } });
  for (const name of cluster.nodeIds.slice(upCount)) cluster.crash(name);
  await noticed(cluster);
  let acceptedCount = 0;
  for (let index = 0; index < writeCount; index += 1) {
    const write = { bucket: "default", key: `k${index}`, value: new Uint8Array([index]) };
    const outcome = await cluster.world.run(client.write("n1", write));
    if (outcome.type === "ok") acceptedCount += 1;
  }
  return acceptedCount / writeCount;
}

const delaysMs = [0, 1, 10, 100] as const;
const machineCounts = [1, 2] as const;

export async function* durabilityWindow({ isQuick }: ExperimentOptions): AsyncGenerator<Finding> {
  const trials = isQuick ? 50 : 300;
  for (const w of [1, 2, 3]) {
    for (const machineCount of machineCounts) {
      const shares: number[] = [];
      for (const afterMs of delaysMs)
        shares.push(await lostShare({ w, machineCount, afterMs, underWay: "lost" }, trials));
      const [at0 = 0, at1 = 0, at10 = 0, at100 = 0] = shares;
      yield {
        line: `W = ${w}, ${machineCount} destroyed 0, 1, 10, 100 ms after the acknowledgement: lost ${shares.map(percent).join(", ")}`,
        figures: { w, machineCount, trials, at0, at1, at10, at100 },
      };
    }
  }
  const arriving = await lostShare({ w: 1, machineCount: 1, afterMs: 0, underWay: "arrives" }, trials);
  yield {
    line: `W = 1, 1 destroyed at once, but what it had sent arrives: lost ${percent(arriving)}`,
    figures: { w: 1, machineCount: 1, trials, at0: arriving },
  };
  for (const w of [1, 2, 3]) {
    const shares: number[] = [];
    for (const upCount of [3, 2, 1]) shares.push(await acceptedShare(w, upCount, isQuick ? 20 : 200));
    const [up3 = 0, up2 = 0, up1 = 0] = shares;
    yield {
      line: `W = ${w}, with 3, 2, 1 of 5 nodes up: acknowledged ${shares.map(percent).join(", ")}`,
      figures: { w, up3, up2, up1 },
    };
  }
}
