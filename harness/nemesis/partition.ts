/**
 * Partitions as grudges: who drops whose bytes. Pure.
 *
 * Every shape reads the same way: `nodes` is an order of the nodes, and the shape takes its sides from the front.
 * Nodes of the cluster that it does not name come last, in the cluster's order. Most partition failures need one
 * isolated node only; bridges and one-way cuts are where two nodes disagree about a third.
 */
import type { NodeName } from "../../checkers/history/event.ts";
import type { Grudge } from "../cluster/cluster.ts";
import type { PartitionShape } from "./nemesis.ts";

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
 * isolate-one: the first node and all others do not hear each other. halves: the first half and the second do not.
 * bridge: the first node hears and is heard by all, the halves of the others do not hear each other. one-way: what
 * the first node sends is lost, and what it is sent arrives.
 *
 * Empty when the cluster is too small for the shape: two nodes, for a bridge three.
 */
export function grudgeOf(
  shape: PartitionShape,
  nodes: readonly NodeName[],
  cluster: readonly NodeName[],
): Grudge {
  const order = [...new Set([...nodes, ...cluster])];
  const [first, ...others] = order;
  if (first === undefined) return [];
  switch (shape) {
    case "isolate-one":
      return bothWays([first], others);
    case "halves":
      return bothWays(...halvesOf(order));
    case "bridge":
      return bothWays(...halvesOf(others));
    case "one-way":
      return oneWay([first], others);
  }
}
