/**
 * Places the nodes of a lineage in layers: each version beyond all its ancestors, edges pointing one way.
 *
 * Sugiyama's method in its short form: layers by longest path, invisible way-points where an edge crosses a layer,
 * and a few sweeps that put each node at the mean of its neighbours. Lineages come from data and may hold anything,
 * so a cycle is cut where the walk meets it, and more than `lineageLimit` nodes are left out and counted.
 */
import type { LineageEdge, LineageNode } from "../../../checkers/verdict.ts";

export const lineageLimit = 40;

/** A place in a layer: a node, or a way-point of a long edge. */
export type Slot = { readonly layer: number; readonly order: number; readonly node: LineageNode | null };

export type PlacedEdge = { readonly edge: LineageEdge; readonly path: readonly Slot[] };

export type LineageLayout = {
  /** From the oldest layer to the newest; within a layer in order. */
  readonly layers: readonly (readonly Slot[])[];
  readonly edges: readonly PlacedEdge[];
  readonly omittedCount: number;
};

export const layOut = (lineage: {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
}): LineageLayout => {
  const distinct = [...new Map(lineage.nodes.map((node) => [node.id, node])).values()];
  const nodes = [
    ...distinct.filter((node) => node.role === "missing"),
    ...distinct.filter((node) => node.role !== "missing"),
  ].slice(0, lineageLimit);
  const edges = forwardEdges(nodes, lineage.edges);
  const layerOf = longestPaths(nodes, edges);
  const chains = edges.map((edge) => chainOf(edge, layerOf));
  const draft = ordered(nodes, layerOf, chains);
  const slots = new Map<string, Slot>();
  const layers = draft.map((layer, index) =>
    layer.map((key, order): Slot => {
      const slot = { layer: index, order, node: nodes.find((node) => node.id === key) ?? null };
      slots.set(key, slot);
      return slot;
    }),
  );

  return {
    layers,
    edges: edges.map((edge, index) => ({
      edge,
      path: (chains[index] ?? []).flatMap((key) => slots.get(key) ?? []),
    })),
    omittedCount: distinct.length - nodes.length,
  };
};

/** Edges between nodes that are shown, each pair once, without those that would close a cycle. */
const forwardEdges = (
  nodes: readonly LineageNode[],
  edges: readonly LineageEdge[],
): readonly LineageEdge[] => {
  const ids = new Set(nodes.map((node) => node.id));
  const after = new Map<string, string[]>(nodes.map((node) => [node.id, []]));
  const reaches = (from: string, to: string): boolean => {
    const seen = new Set([from]);
    const open = [from];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === to) return true;
      for (const following of after.get(next) ?? []) {
        if (!seen.has(following)) {
          seen.add(following);
          open.push(following);
        }
      }
    }
    return false;
  };

  return edges.filter((edge) => {
    if (!ids.has(edge.from) || !ids.has(edge.to)) return false;
    if (after.get(edge.from)?.includes(edge.to) === true || reaches(edge.to, edge.from)) return false;
    after.get(edge.from)?.push(edge.to);
    return true;
  });
};

/** The edges have no cycle, so as many rounds as there are nodes settle every layer. */
const longestPaths = (
  nodes: readonly LineageNode[],
  edges: readonly LineageEdge[],
): ReadonlyMap<string, number> => {
  const layerOf = new Map<string, number>(nodes.map((node) => [node.id, 0]));
  for (let round = 0; round < nodes.length; round += 1) {
    for (const edge of edges) {
      const needed = (layerOf.get(edge.from) ?? 0) + 1;
      if ((layerOf.get(edge.to) ?? 0) < needed) layerOf.set(edge.to, needed);
    }
  }
  return layerOf;
};

/** The keys that an edge passes, one a layer. Way-points have keys that no id can have. */
const chainOf = (edge: LineageEdge, layerOf: ReadonlyMap<string, number>): readonly string[] => {
  const from = layerOf.get(edge.from) ?? 0;
  const until = layerOf.get(edge.to) ?? 0;
  const between = Array.from({ length: Math.max(0, until - from - 1) }, (_, index) =>
    wayPoint(edge, from + 1 + index),
  );
  return [edge.from, ...between, edge.to];
};

const wayPoint = (edge: LineageEdge, layer: number): string => JSON.stringify([edge.from, edge.to, layer]);

const sweepCount = 6;

const ordered = (
  nodes: readonly LineageNode[],
  layerOf: ReadonlyMap<string, number>,
  chains: readonly (readonly string[])[],
): readonly (readonly string[])[] => {
  const layers: string[][] = [];
  const place = (layer: number, key: string): void => {
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(key);
  };
  for (const node of nodes) place(layerOf.get(node.id) ?? 0, node.id);
  const neighbours = new Map<string, string[]>();
  const link = (a: string, b: string): void => void neighbours.set(a, [...(neighbours.get(a) ?? []), b]);
  for (const chain of chains) {
    const from = layerOf.get(chain[0] ?? "") ?? 0;
    chain.forEach((key, step) => {
      if (step > 0 && step < chain.length - 1) place(from + step, key);
      const previous = chain[step - 1];
      if (previous === undefined) return;
      link(previous, key);
      link(key, previous);
    });
  }

  for (let sweep = 0; sweep < sweepCount; sweep += 1) sortByNeighbours(layers, neighbours);
  return layers;
};

/** One sweep: each layer in the order of the mean relative position of its nodes' neighbours. */
const sortByNeighbours = (layers: string[][], neighbours: ReadonlyMap<string, readonly string[]>): void => {
  const position = new Map<string, number>();
  const note = (layer: readonly string[]): void =>
    layer.forEach((key, index) => {
      position.set(key, (index + 0.5) / layer.length);
    });
  layers.forEach(note);

  for (const layer of layers) {
    const mean = (key: string): number => {
      const around = neighbours.get(key) ?? [];
      const total = around.reduce((sum, other) => sum + (position.get(other) ?? 0.5), 0);
      return around.length === 0 ? (position.get(key) ?? 0.5) : total / around.length;
    };
    const means = new Map(layer.map((key) => [key, mean(key)]));
    layer.sort((a, b) => (means.get(a) ?? 0) - (means.get(b) ?? 0));
    note(layer);
  }
};
