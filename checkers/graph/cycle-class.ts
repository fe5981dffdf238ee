/**
 * Which classes of cycle a component holds, decided without enumerating cycles.
 *
 * The classes are Adya's (1999, §3 and §4) as Elle names them (Kingsbury and Alvaro, VLDB 2020, §5.2), each in
 * three levels: from the data alone, with session order, with realtime order.
 *
 *   G0                  write-write edges only: two ww-edges of one component of the ww-graph.
 *   G1c                 and a write-read edge: an edge of one component of the ww-wr-graph.
 *   G-single-item       exactly one anti-dependency: its head reaches its tail in the ww-wr-graph.
 *   G-nonadjacent-item  no two anti-dependencies in a row: a component of the graph of (node, was the last edge an
 *                       anti-dependency?), which is what snapshot isolation forbids (Cerone and Gotsman, 2018).
 *   G2-item             any number of them: an anti-dependency inside a component.
 *
 * G0 implies G1c and each class the ones below it, as do the levels; a class is listed only when no listed one
 * implies it. All of it is a few passes of Tarjan and one of reachability: linear but for the last, and exact.
 */
import { componentsOf } from "./components.ts";
import type { DependencyGraph } from "./dependency-graph.ts";
import { edgeKind, type Level, levels } from "./edge-kind.ts";
import { cell } from "./integers.ts";
import { type EdgeEnds, returningEdges } from "./reachability.ts";

export type CycleShape = "G0" | "G1c" | "G-single-item" | "G-nonadjacent-item" | "G2-item";

export type CycleClass = {
  readonly shape: CycleShape;
  readonly level: Level;
  /** The anomaly's name: the shape and the level's suffix. */
  readonly name: string;
  /** Edges each of which lies on a cycle of the class; at most `enough`. */
  readonly starts: readonly EdgeEnds[];
  /** Kinds of the rest of the cycle. */
  readonly rest: number;
};

export type Classification = {
  readonly classes: readonly CycleClass[];
  /** False when a component was too large to decide G-single within the limit. */
  readonly isComplete: boolean;
};

export const defaultLimits = { enough: 32, stepLimit: 300_000_000 } as const;

/** The classes of one strongly connected component, strictest evidence first. */
export const cycleClasses = (
  graph: DependencyGraph,
  limits: typeof defaultLimits = defaultLimits,
): Classification => {
  const classes: CycleClass[] = [];
  let isComplete = true;
  const isNew = (...implying: readonly CycleShape[]): boolean =>
    !classes.some(({ shape }) => implying.includes(shape));
  const add = (shape: CycleShape, level: Level, starts: readonly EdgeEnds[], rest: number): void => {
    if (starts.length > 0)
      classes.push({
        shape,
        level,
        name: shape + level.suffix,
        starts: starts.slice(0, limits.enough),
        rest,
      });
  };
  const { ww, wr, link } = edgeKind;
  for (const level of levels) {
    const writes = ww | link | level.orders;
    const data = writes | wr;
    const all = data | level.antiDependencies;
    if (isNew("G0")) add("G0", level, innerEdges(graph, writes, ww), writes);
    if (isNew("G0", "G1c")) add("G1c", level, innerEdges(graph, data, wr), data);
    const antiDependencies = innerEdges(graph, all, level.antiDependencies);
    if (antiDependencies.length === 0) continue;
    if (isNew("G-single-item")) {
      const returning = returningEdges(graph, data, antiDependencies, limits);
      isComplete &&= returning.isComplete;
      add("G-single-item", level, returning.edges, data);
    }
    if (isNew("G-single-item", "G-nonadjacent-item"))
      add("G-nonadjacent-item", level, spacedEdges(graph, level, antiDependencies), all);
    if (isNew("G-single-item", "G-nonadjacent-item", "G2-item")) add("G2-item", level, antiDependencies, all);
  }
  return { classes, isComplete };
};

/** The edges of `wanted` kinds with both ends in one component of the graph of `mask`. */
const innerEdges = (graph: DependencyGraph, mask: number, wanted: number): readonly EdgeEnds[] => {
  const { of, count } = componentsOf(graph, mask);
  if (count === graph.nodeCount) return [];
  const found: EdgeEnds[] = [];
  for (let tail = 0; tail < graph.nodeCount; tail++) {
    for (let edge = cell(graph.starts, tail); edge < cell(graph.starts, tail + 1); edge++) {
      const head = cell(graph.targets, edge);
      const kind = cell(graph.kinds, edge);
      if ((kind & wanted) !== 0 && cell(of, tail) === cell(of, head)) found.push({ tail, head, kind });
    }
  }
  return found;
};

/** The anti-dependencies on a closed walk without two of them in a row. */
const spacedEdges = (
  graph: DependencyGraph,
  level: Level,
  candidates: readonly EdgeEnds[],
): readonly EdgeEnds[] => {
  const { of } = componentsOf(spacedGraph(graph, level), 1);
  return candidates.filter(({ tail, head }) => cell(of, 2 * tail) === cell(of, 2 * head + 1));
};

/** Node n becomes 2n, free to take any edge, and 2n + 1, come to by an anti-dependency. Links keep the state. */
const spacedGraph = (graph: DependencyGraph, level: Level): DependencyGraph => {
  const starts = new Int32Array(2 * graph.nodeCount + 1);
  const targets: number[] = [];
  const plain = edgeKind.ww | edgeKind.wr | level.orders;
  for (let node = 0; node < graph.nodeCount; node++) {
    for (const state of [0, 1]) {
      for (let edge = cell(graph.starts, node); edge < cell(graph.starts, node + 1); edge++) {
        const target = 2 * cell(graph.targets, edge);
        const kind = cell(graph.kinds, edge);
        if ((kind & edgeKind.link) !== 0) targets.push(target + state);
        else if ((kind & plain) !== 0) targets.push(target);
        else if (state === 0 && (kind & level.antiDependencies) !== 0) targets.push(target + 1);
      }
      starts[2 * node + state + 1] = targets.length;
    }
  }
  const nodeCount = 2 * graph.nodeCount;
  return {
    transactionCount: nodeCount,
    nodeCount,
    starts,
    targets: Int32Array.from(targets),
    kinds: new Int32Array(targets.length).fill(1),
  };
};
