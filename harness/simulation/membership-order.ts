/**
 * What an operator asks for in a simulated run, and how far it has come: an order is repeated until a member takes it,
 * as a person at a console would.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Order } from "../../server/protocols/administration.ts";
import type { SimulatedCluster } from "../../server/simulation/simulated-cluster.ts";

const triesMax = 60;
const pauseMs = 500;

/** Asks the first of `members` that is up, until it has been done; gives up in the end, and what then happens is judged. */
export async function asked(
  cluster: SimulatedCluster,
  order: Order,
  members: readonly NodeName[],
): Promise<void> {
  for (let left = triesMax; left > 0; left -= 1) {
    const member = members.find((node) => cluster.isUp(node) && cluster.machine(node).process.isRunning);
    if (member === undefined || isDone(cluster, order, member)) return;
    await cluster.world.run(cluster.node(member).order(order));
    if (isDone(cluster, order, member)) return;
    await cluster.world.runFor(pauseMs);
  }
}

/**
 * Waits until nobody of `members` knows `node` any more, and switches the machine off. One that is still a member
 * after a long time is left as it is.
 */
export async function gone(
  cluster: SimulatedCluster,
  node: NodeName,
  members: readonly NodeName[],
): Promise<void> {
  for (let left = triesMax; left > 0; left -= 1) {
    const knowing = members.filter((member) => cluster.isUp(member) && memberOf(cluster, node, member));
    if (knowing.length === 0) {
      if (cluster.isUp(node)) cluster.crash(node, "gone");
      return;
    }
    await cluster.world.runFor(pauseMs);
  }
}

function isDone(cluster: SimulatedCluster, { type, nodeId }: Order, by: NodeName): boolean {
  const member = memberOf(cluster, nodeId, by);
  switch (type) {
    case "join":
      return member !== undefined;
    case "leave":
    case "remove":
      return member === undefined || member.state === "leaving";
    case "replace":
      return member?.incarnation === cluster.node(nodeId).health().incarnation;
    case "cancel":
      return member?.state === "valid";
  }
}

const memberOf = (cluster: SimulatedCluster, node: NodeName, by: NodeName) =>
  cluster
    .node(by)
    .membership()
    .members.find(({ nodeId }) => nodeId === node);
