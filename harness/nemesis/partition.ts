/**
 * Partitions as grudges: who drops whose bytes. Pure.
 *
 * Every shape reads the same way: `nodes` is an order of the nodes, and the shape takes its sides from the front.
 * Nodes of the cluster that it does not name come last, in the cluster's order. Most partition failures need one
 * isolated node only; bridges, rings and one-way cuts are where two nodes disagree about a third.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Grudge } from "../cluster/cluster.ts";

/** All but `custom`, whose grudge the plan itself holds. */
export const drawnShapes = [
  "isolate-one",
  "halves",
  "split",
  "minority-third",
  "bridge",
  "majorities-ring",
  "one-way",
  "flapping",
] as const;

export type DrawnShape = (typeof drawnShapes)[number];
export type PartitionShape = DrawnShape | "custom";

/** From every node of the first side to every one of the second. */
export function oneWay(from: readonly NodeName[], to: readonly NodeName[]): Grudge {
  return from.flatMap((one) => to.map((other) => ({ from: one, to: other })));
}

export function bothWays(one: readonly NodeName[], other: readonly NodeName[]): Grudge {
  return [...oneWay(one, other), ...oneWay(other, one)];
}

/** Two sides, the first the smaller one where the count is odd. */
function halvesOf(order: readonly NodeName[]): readonly [readonly NodeName[], readonly NodeName[]] {
  const middle = Math.floor(order.length / 2);
  return [order.slice(0, middle), order.slice(middle)];
}

/**
 * In a circle each hears its neighbours, as many on either side as a majority needs: everybody sees a majority, no
 * two see the same one. Four nodes at least; three neighbours in a circle are all there are.
 */
function ringOf(order: readonly NodeName[]): Grudge {
  const count = order.length;
  const reach = Math.ceil(Math.floor(count / 2) / 2);
  return order.flatMap((from, here) =>
    order
      .filter((_, there) => Math.min((there - here + count) % count, (here - there + count) % count) > reach)
      .map((to) => ({ from, to })),
  );
}

/**
 * isolate-one: the first node and all others do not hear each other. flapping: the same, and it comes and goes.
 * halves: the first half and the second do not hear each other. split: neither do the nodes that are named and all
 * others, however many they are. minority-third: the first third and the others. bridge: the first node hears and is
 * heard by all, the halves of the others do not hear each other. majorities-ring: see there. one-way: what the first
 * node sends is lost, and what it is sent arrives.
 *
 * Empty when the cluster is too small for the shape: two nodes, for a bridge and a third three, for a ring four.
 */
export function grudgeOf(
  shape: DrawnShape,
  nodes: readonly NodeName[],
  cluster: readonly NodeName[],
): Grudge {
  const order = [...new Set([...nodes, ...cluster])];
  const [first, ...others] = order;
  if (first === undefined) return [];
  switch (shape) {
    case "isolate-one":
    case "flapping":
      return bothWays([first], others);
    case "halves":
      return bothWays(...halvesOf(order));
    case "split":
      return bothWays(
        order.filter((node) => nodes.includes(node)),
        order.filter((node) => !nodes.includes(node)),
      );
    case "minority-third": {
      const third = Math.floor(order.length / 3);
      return bothWays(order.slice(0, third), order.slice(third));
    }
    case "bridge":
      return bothWays(...halvesOf(others));
    case "majorities-ring":
      return ringOf(order);
    case "one-way":
      return oneWay([first], others);
  }
}
