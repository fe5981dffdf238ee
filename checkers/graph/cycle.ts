/**
 * The shortest cycle of a class. The class is already known to be there and comes with edges that lie on such a
 * cycle; from each of them a breadth-first search leads back to where the edge began. An auxiliary node costs
 * nothing, so the length is counted in transactions.
 */
import type { CycleClass, CycleShape } from "./cycle-class.ts";
import { edgeKind } from "./edge-kind.ts";
import type { EdgeEnds } from "./reachability.ts";

/** Calls `visit` with target and kind of each edge out of `node`. */
export type OutEdges = (node: number, visit: (target: number, kind: number) => void) => void;

/** From one transaction to the next, by their numbers in the whole graph. */
export type CycleStep = { readonly from: number; readonly to: number; readonly kind: number };

export type Cycle = {
  readonly name: string;
  readonly shape: CycleShape;
  readonly steps: readonly CycleStep[];
};

/** Where the search stands: at a node, and whether it came by an anti-dependency (only told apart when it matters). */
type Place = { readonly node: number; readonly isAfterAnti: boolean };
type Arrival = { readonly from: number; readonly kind: number; readonly distance: number };

const stateOf = ({ node, isAfterAnti }: Place): number => 2 * node + (isAfterAnti ? 1 : 0);

/** Edges looked at for one class, after which the shortest cycle so far will do. */
const enoughEdges = 100_000;

/** A cycle of `wanted`'s class through one of its first edges, the shortest of those tried. */
export const shortestCycle = (
  wanted: CycleClass,
  outEdges: OutEdges,
  nodes: { readonly numbers: Int32Array; readonly transactionCount: number },
): Cycle => {
  let best: readonly Hop[] | undefined;
  let visited = 0;
  const counted: OutEdges = (node, visit) =>
    outEdges(node, (target, kind) => {
      visited++;
      visit(target, kind);
    });
  for (const start of wanted.starts) {
    const hops = wayBack(wanted, start, counted, best?.length ?? Number.POSITIVE_INFINITY);
    if (hops !== undefined) best = hops;
    if (visited > enoughEdges) break;
  }
  if (best === undefined) throw new Error(`no cycle through an edge of ${wanted.name}`);
  const steps = withoutAuxiliaries(best, nodes.transactionCount).map(({ from, to, kind }) => ({
    from: nodes.numbers[from] ?? -1,
    to: nodes.numbers[to] ?? -1,
    kind,
  }));
  return { name: wanted.name, shape: wanted.shape, steps: earliestFirst(steps) };
};

type Hop = { readonly from: number; readonly to: number; readonly kind: number };

/** The start edge and the shortest way from its head to its tail; undefined when not shorter than `bound` hops. */
const wayBack = (
  wanted: CycleClass,
  start: EdgeEnds,
  outEdges: OutEdges,
  bound: number,
): readonly Hop[] | undefined => {
  const isSpaced = wanted.shape === "G-nonadjacent-item";
  const anti = wanted.level.antiDependencies;
  const first = stateOf({ node: start.head, isAfterAnti: isSpaced });
  const goal = stateOf({ node: start.tail, isAfterAnti: false });
  const arrivals = new Map<number, Arrival>([[first, { from: -1, kind: 0, distance: 0 }]]);
  let frontier = [first];
  for (let distance = 0; frontier.length > 0 && distance < bound; distance++) {
    const next: number[] = [];
    for (let state = frontier.pop(); state !== undefined; state = frontier.pop()) {
      const from = state;
      if (arrivals.get(from)?.distance !== distance) continue;
      const isAfterAnti = (from & 1) === 1;
      outEdges(from >> 1, (node, kind) => {
        if ((kind & wanted.rest) === 0) return;
        const isLink = kind === edgeKind.link;
        const isAnti = isSpaced && (kind & anti) !== 0;
        if (isAnti && isAfterAnti) return;
        const to = stateOf({ node, isAfterAnti: isLink ? isAfterAnti : isAnti });
        const cost = distance + (isLink ? 0 : 1);
        if ((arrivals.get(to)?.distance ?? Number.POSITIVE_INFINITY) <= cost) return;
        arrivals.set(to, { from, kind, distance: cost });
        (isLink ? frontier : next).push(to);
      });
    }
    if (arrivals.get(goal)?.distance === distance)
      return [...hopsTo(goal, arrivals), { from: start.tail, to: start.head, kind: start.kind }];
    frontier = next;
  }
  return undefined;
};

const hopsTo = (goal: number, arrivals: ReadonlyMap<number, Arrival>): readonly Hop[] => {
  const hops: Hop[] = [];
  let state = goal;
  for (;;) {
    const arrival = arrivals.get(state);
    if (arrival === undefined || arrival.from < 0) return hops.toReversed();
    hops.push({ from: arrival.from >> 1, to: state >> 1, kind: arrival.kind });
    state = arrival.from;
  }
};

/** Joins the hops through auxiliary nodes: one step from transaction to transaction, of the one kind that is no link. */
const withoutAuxiliaries = (hops: readonly Hop[], transactionCount: number): readonly Hop[] => {
  const begin = hops.findIndex(({ from }) => from < transactionCount);
  const steps: Hop[] = [];
  let open: Hop | undefined;
  for (const hop of [...hops.slice(begin), ...hops.slice(0, begin)]) {
    const kind = hop.kind === edgeKind.link ? (open?.kind ?? hop.kind) : hop.kind;
    const joined: Hop = { from: open?.from ?? hop.from, to: hop.to, kind };
    open = joined.to < transactionCount ? undefined : joined;
    if (open === undefined) steps.push(joined);
  }
  return steps;
};

const earliestFirst = (steps: readonly CycleStep[]): readonly CycleStep[] => {
  const first = steps.reduce(
    (best, { from }, place) => (from < (steps[best]?.from ?? from) ? place : best),
    0,
  );
  return [...steps.slice(first), ...steps.slice(0, first)];
};
