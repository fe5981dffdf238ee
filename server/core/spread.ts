/**
 * A preference list over data centres and racks (Dynamo §4.6): the order of a walk, changed so that among the
 * first nodes, however many are asked for, there are as many data centres as there can be, and as many racks
 * within each.
 *
 * Each next node is of the data centre chosen from least, in it of the rack chosen from least, and of these
 * the first of the walk. A data centre that has no node left drops out.
 */
import type { NodeId } from "../ports/network.ts";

/** Where a node stands; absent or empty is a place like others. A rack is one only within its data centre. */
export type Located = { readonly nodeId: NodeId; readonly dc?: string; readonly rack?: string };

/** `walk` in an order that spreads it. Where all stand in one rack, as it was. */
export function spread(walk: readonly Located[]): readonly NodeId[] {
  if (new Set(walk.map(rackOf)).size < 2) return walk.map(({ nodeId }) => nodeId);
  const chosenFrom = new Map<string, number>();
  const count = (place: string): number => chosenFrom.get(place) ?? 0;
  const left = [...walk];
  return walk.map((first) => {
    const best = left.reduce((a, b) => (compareCounts(count, a, b) <= 0 ? a : b), left[0] ?? first);
    left.splice(left.indexOf(best), 1);
    for (const place of [dcOf(best), rackOf(best)]) chosenFrom.set(place, count(place) + 1);
    return best.nodeId;
  });
}

function compareCounts(count: (place: string) => number, a: Located, b: Located): number {
  return count(dcOf(a)) - count(dcOf(b)) || count(rackOf(a)) - count(rackOf(b));
}

function dcOf({ dc = "" }: Located): string {
  return dc;
}

function rackOf({ dc = "", rack = "" }: Located): string {
  return `${dc}\0${rack}`;
}
