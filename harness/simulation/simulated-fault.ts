/**
 * What goes wrong in a simulated run: everything that is done to real nodes, and what cannot be done to them without
 * root or a disk of their own: power cuts, wiped and damaged disks, disks that refuse to write.
 *
 * The nodes of a window stand in an order drawn from the seed; each fault takes its victims from the front of it, so
 * that several faults of one window meet the same nodes.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { SimulatedCluster } from "../../server/simulation/simulated-cluster.ts";
import { grudgeOf } from "../nemesis/partition.ts";

export type SimulatedFault =
  | { readonly kind: "partition"; readonly shape: "isolate-one" | "halves" | "one-way" }
  | { readonly kind: "clock"; readonly nodes: number; readonly offsetMs: number }
  | {
      readonly kind:
        | "kill"
        | "pause"
        | "power-cut"
        /** Stopped as by an operator, and started again. */
        | "restart"
        | "wipe"
        /** Records that their checksums give away. */
        | "corruption"
        | "full-disk"
        | "slow-disk"
        | "slow-links";
      readonly nodes: number;
    };

const damagedRecords = 100;
const slowDisk = 40;
const slowLinks = 10;

/** Who is hit: the front of `order`. */
export const victimsOf = (fault: SimulatedFault, order: readonly NodeName[]): readonly NodeName[] =>
  fault.kind === "partition" ? order : order.slice(0, fault.nodes);

/** Breaks it; the result mends it again, and resolves when everybody serves. */
export async function strike(
  cluster: SimulatedCluster,
  fault: SimulatedFault,
  order: readonly NodeName[],
): Promise<() => Promise<void>> {
  if (fault.kind === "partition") {
    for (const { from, to } of grudgeOf(fault.shape, order, cluster.nodeIds)) cluster.links.cut(from, to);
    return async () => cluster.heal();
  }
  const mends: (() => Promise<void>)[] = [];
  for (const node of victimsOf(fault, order)) mends.push(await strikeOne(cluster, fault, node));
  return async () => {
    for (const mend of mends) await mend();
  };
}

async function strikeOne(
  cluster: SimulatedCluster,
  fault: Exclude<SimulatedFault, { readonly kind: "partition" }>,
  node: NodeName,
): Promise<() => Promise<void>> {
  const { world, links } = cluster;
  const { disk, time, process } = cluster.machine(node);
  const start = async (): Promise<void> => {
    // Whoever starts a node has seen to its disk.
    disk.fault = "none";
    if (!cluster.isUp(node)) await cluster.start(node);
  };
  switch (fault.kind) {
    case "kill":
      cluster.crash(node);
      return start;
    case "power-cut":
      cluster.cutPower(node);
      return start;
    case "restart":
      // One that is stopped already, or cannot hear it, is not stopped by asking.
      if (process.isRunning) await cluster.stop(node);
      return start;
    case "wipe":
      cluster.crash(node, "killed and wiped");
      disk.wipe();
      return async () => {
        await start();
        await replaced(cluster, node);
      };
    case "pause":
      process.pause();
      return async () => process.resume();
    case "clock":
      time.wallOffsetMs += fault.offsetMs;
      return async () => {
        time.wallOffsetMs -= fault.offsetMs;
      };
    case "corruption": {
      const keys = disk.keys("values");
      const chance = world.random(`damage at ${world.nowMs()}`);
      for (let left = damagedRecords; left > 0 && keys.length > 0; left -= 1)
        disk.damage("values", keys[chance.integer(0, keys.length - 1)] ?? "");
      return async () => {};
    }
    case "full-disk":
      disk.fault = "full";
      return async () => {
        disk.fault = "none";
      };
    case "slow-disk":
      disk.slowness = slowDisk;
      return async () => {
        disk.slowness = 1;
      };
    case "slow-links":
      links.slow(node, slowLinks);
      return async () => links.slow(node, 1);
  }
}

const replaceTriesMax = 60;

/** An empty disk is another incarnation, and stays outside until an operator says that it takes the old one's place. */
async function replaced(cluster: SimulatedCluster, nodeId: NodeName): Promise<void> {
  const other = cluster.nodeIds.find((name) => name !== nodeId && cluster.isUp(name));
  if (other === undefined) return;
  for (let left = replaceTriesMax; left > 0; left -= 1) {
    const { incarnation } = cluster.node(nodeId).health();
    const member = cluster
      .node(other)
      .membership()
      .members.find((one) => one.nodeId === nodeId);
    if (member?.incarnation === incarnation) return;
    await cluster.world.run(cluster.node(other).order({ type: "replace", nodeId }));
    await cluster.world.runFor(1000);
  }
}
