/**
 * Where the tests of the protocols begin: a small cluster that has settled, a client, and keys with known homes.
 *
 * Background work that a case is not about can be put to sleep, so that what happens has one possible cause.
 */
import type { Intervals } from "../config.ts";
import type { NodeId } from "../ports/network.ts";
import type { TraceEvent } from "../ports/trace.ts";
import { SimulatedClient } from "./simulated-client.ts";
import { type ClusterPlan, SimulatedCluster } from "./simulated-cluster.ts";

export type Scenario = { readonly cluster: SimulatedCluster; readonly client: SimulatedClient };

const never = 1_000_000_000;

/** Intervals under which hints stay where they are, and trees are compared by nobody. */
export const noHandoff: Partial<Intervals> = { hintScanMs: never };
export const noAntiEntropy: Partial<Intervals> = { antiEntropyMs: never };
export const noRepair: Partial<Intervals> = { ...noHandoff, ...noAntiEntropy };

export async function scenario(plan: Partial<ClusterPlan> = {}): Promise<Scenario> {
  const cluster = await SimulatedCluster.started({
    seed: 1,
    nodeIds: ["n1", "n2", "n3", "n4", "n5"],
    ...plan,
  });
  await cluster.world.runFor(300);
  return { cluster, client: new SimulatedClient(cluster) };
}

/** A key whose homes are exactly these, in this order. */
export function keyWithHomes(
  cluster: SimulatedCluster,
  homes: readonly NodeId[],
  bucket = "default",
): string {
  const node = cluster.node(cluster.nodeIds[0] ?? "");
  for (let index = 0; index < 10_000; index += 1) {
    const key = `key ${index}`;
    if (node.preference(bucket, key).homes.join() === homes.join()) return key;
  }
  throw new Error(`no key has the homes ${homes.join(", ")}`);
}

/** Any key, with its homes and fallbacks. */
export function placed(cluster: SimulatedCluster, key: string, bucket = "default") {
  const { homes, fallbacks } = cluster.node(cluster.nodeIds[0] ?? "").preference(bucket, key);
  const [first = "", second = "", third = ""] = homes;
  const [stranger = "", otherStranger = ""] = fallbacks;
  return { homes, fallbacks, first, second, third, stranger, otherStranger };
}

/** What is on each node's disk of a key, values as text, in order; "-" where there is no record, "x" a tombstone. */
export async function copies(
  cluster: SimulatedCluster,
  key: string,
  bucket = "default",
): Promise<Record<NodeId, string>> {
  const seen: Record<NodeId, string> = {};
  for (const name of cluster.nodeIds) {
    if (!cluster.isUp(name)) continue;
    const { main } = await cluster.world.run(cluster.node(name).rawKey(bucket, key));
    seen[name] =
      main.type !== "found"
        ? "-"
        : main.state.siblings
            .map(({ value }) => (value === null ? "x" : new TextDecoder().decode(value)))
            .toSorted()
            .join(" ");
  }
  return seen;
}

/** `target key` of every hint a node holds, in order. */
export async function hintsOf(cluster: SimulatedCluster, name: NodeId): Promise<readonly string[]> {
  const hints = await cluster.world.run(cluster.node(name).hints());
  return hints.map(({ target, key }) => `${target} ${key}`);
}

/** Runs the world until nobody's belief about anybody is out of date. */
export async function noticed(cluster: SimulatedCluster): Promise<void> {
  await cluster.world.runFor(7000);
}

export function eventsOf<Type extends TraceEvent["type"]>(
  cluster: SimulatedCluster,
  type: Type,
): readonly (Extract<TraceEvent, { type: Type }> & { readonly node: NodeId })[] {
  return cluster.events.flatMap(({ node, event }) => (isOfType(event, type) ? [{ ...event, node }] : []));
}

/** How many messages of this kind arrived anywhere since the record's line `from`. */
export function messageCount(cluster: SimulatedCluster, label: string, from = 0): number {
  const pattern = new RegExp(`^[0-9.]+ \\S+>\\S+ ${label}$`);
  return cluster.world
    .lines()
    .slice(from)
    .filter((line) => pattern.test(line)).length;
}

function isOfType<Type extends TraceEvent["type"]>(
  event: TraceEvent,
  type: Type,
): event is Extract<TraceEvent, { type: Type }> {
  return event.type === type;
}
