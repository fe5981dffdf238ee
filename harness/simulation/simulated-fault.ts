/**
 * What goes wrong in a simulated run: everything that is done to real nodes, and what cannot be done to them without
 * root or a disk of their own: power cuts, wiped, restored and damaged disks, disks that refuse to write. And what
 * operators do meanwhile: they let nodes in and have them go (membership-order.ts).
 *
 * The nodes of a window stand in an order drawn from the seed; each fault takes its victims from the front of it, so
 * that several faults of one window meet the same nodes.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { SimulatedCluster } from "../../server/simulation/simulated-cluster.ts";
import { grudgeOf } from "../nemesis/partition.ts";
import { asked, gone } from "./membership-order.ts";

export type SimulatedFault =
  | { readonly kind: "partition"; readonly shape: "isolate-one" | "halves" | "one-way" }
  | { readonly kind: "clock"; readonly nodes: number; readonly offsetMs: number }
  /** `isStarted`: the node comes back with its empty disk at once, and not only when it is mended. */
  | { readonly kind: "wipe"; readonly nodes: number; readonly isStarted?: boolean }
  /** `isDead`: killed first, and then removed instead of being asked to leave. */
  | { readonly kind: "leave"; readonly nodes: number; readonly isDead?: boolean }
  | {
      readonly kind:
        | "kill"
        | "pause"
        | "power-cut"
        /** Stopped as by an operator, and started again. */
        | "restart"
        /** When it is mended, the disk is put back as it was when it struck. */
        | "restore-backup"
        /** Records that their checksums give away. */
        | "corruption"
        | "full-disk"
        | "slow-disk"
        | "slow-reads"
        | "slow-links"
        /** Spares are started and let in, and stay. */
        | "join";
      readonly nodes: number;
    };

const damagedRecords = 100;
const slowDisk = 40;
const slowReadMs = 80;
const slowLinks = 10;

/** Who there is to be hit: the members in the order of this window, and the machines that are none yet. */
export type Targets = { readonly order: readonly NodeName[]; readonly spares: readonly NodeName[] };

/** Who is hit: the front of `order`, or of the spares. */
export function victimsOf(fault: SimulatedFault, { order, spares }: Targets): readonly NodeName[] {
  if (fault.kind === "partition") return order;
  return (fault.kind === "join" ? spares : order).slice(0, fault.nodes);
}

/** Breaks it; the result mends it again, and resolves when everybody serves. */
export async function strike(
  cluster: SimulatedCluster,
  fault: SimulatedFault,
  targets: Targets,
): Promise<() => Promise<void>> {
  const { order } = targets;
  if (fault.kind === "partition") {
    for (const { from, to } of grudgeOf(fault.shape, order, order)) cluster.links.cut(from, to);
    return async () => cluster.heal();
  }
  const victims = victimsOf(fault, targets);
  const others = order.filter((node) => !victims.includes(node));
  // Those that join together are all there before the first of them is let in.
  if (fault.kind === "join") for (const node of victims) await cluster.start(node);
  const mends: (() => Promise<void>)[] = [];
  for (const node of victims) mends.push(await strikeOne(cluster, fault, { node, others }));
  return async () => {
    for (const mend of mends) await mend();
  };
}

async function strikeOne(
  cluster: SimulatedCluster,
  fault: Exclude<SimulatedFault, { readonly kind: "partition" }>,
  { node, others }: { readonly node: NodeName; readonly others: readonly NodeName[] },
): Promise<() => Promise<void>> {
  const { links } = cluster;
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
      if (fault.isStarted === true) await start();
      return async () => {
        await start();
        await asked(cluster, { type: "replace", nodeId: node }, others);
      };
    case "restore-backup":
      return restoredLater(cluster, node, start);
    case "join":
      await asked(cluster, { type: "join", nodeId: node }, others);
      return async () => {};
    case "leave":
      return sendAway(cluster, node, { others, isDead: fault.isDead === true });
    case "pause":
      process.pause();
      return async () => process.resume();
    case "clock":
      time.wallOffsetMs += fault.offsetMs;
      return async () => void (time.wallOffsetMs -= fault.offsetMs);
    case "corruption":
    case "full-disk":
    case "slow-disk":
    case "slow-reads": {
      const mend = hurtDisk(cluster, fault.kind, node);
      return async () => mend();
    }
    case "slow-links":
      links.slow(node, slowLinks);
      return async () => links.slow(node, 1);
  }
}

/** A backup is made now; the result puts it back in the place of what was written since. */
function restoredLater(
  cluster: SimulatedCluster,
  node: NodeName,
  start: () => Promise<void>,
): () => Promise<void> {
  const restore = cluster.machine(node).disk.backup();
  return async () => {
    cluster.crash(node, "killed and restored");
    restore();
    await start();
  };
}

/** Asked to leave, or killed and removed. The result waits until nobody knows it any more. */
async function sendAway(
  cluster: SimulatedCluster,
  node: NodeName,
  { others, isDead }: { readonly others: readonly NodeName[]; readonly isDead: boolean },
): Promise<() => Promise<void>> {
  if (isDead) cluster.crash(node);
  await asked(cluster, { type: isDead ? "remove" : "leave", nodeId: node }, others);
  return () => gone(cluster, node, others);
}

/** Of a node that goes on running. What is damaged stays so: to notice and to repair it is the nodes' business. */
function hurtDisk(
  cluster: SimulatedCluster,
  kind: "corruption" | "full-disk" | "slow-disk" | "slow-reads",
  node: NodeName,
): () => void {
  const { disk } = cluster.machine(node);
  switch (kind) {
    case "corruption":
      damage(cluster, node);
      return () => {};
    case "full-disk":
      disk.fault = "full";
      return () => void (disk.fault = "none");
    case "slow-disk":
      disk.slowness = slowDisk;
      return () => void (disk.slowness = 1);
    case "slow-reads":
      disk.readDelayMs = slowReadMs;
      return () => void (disk.readDelayMs = 0);
  }
}

function damage(cluster: SimulatedCluster, node: NodeName): void {
  const { world } = cluster;
  const { disk } = cluster.machine(node);
  const keys = disk.keys("values");
  const chance = world.random(`damage at ${world.nowMs()}`);
  for (let left = damagedRecords; left > 0 && keys.length > 0; left -= 1)
    disk.damage("values", keys[chance.integer(0, keys.length - 1)] ?? "");
}
