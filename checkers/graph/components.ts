/**
 * Strongly connected components after Tarjan (1972), without recursion and on typed arrays, so that a chain of a
 * million transactions needs no stack. Only edges whose kind is in `mask` count: the classes of a cycle are decided
 * by asking again with fewer kinds.
 */
import type { DependencyGraph } from "./dependency-graph.ts";
import { cell, IntegerList } from "./integers.ts";

export type Components = {
  /** Node -> component, numbered so that an edge between two components leads from the higher to the lower. */
  readonly of: Int32Array;
  readonly count: number;
};

/** Every component, single nodes included. */
export const componentsOf = (graph: DependencyGraph, mask: number): Components => {
  const search = new TarjanSearch(graph, mask);
  for (let node = 0; node < graph.nodeCount; node++) search.visit(node);
  return { of: search.component, count: search.count };
};

/** A part of a graph with its nodes renumbered from 0; `nodes` has their numbers in the whole. */
export type Part = { readonly graph: DependencyGraph; readonly nodes: Int32Array };

/** Each component of more than one node as a graph of its own, in order of first nodes. */
export const cyclicParts = function* (graph: DependencyGraph, mask: number): Generator<Part> {
  const { of, count } = componentsOf(graph, mask);
  const sizes = new Int32Array(count);
  for (let node = 0; node < of.length; node++) sizes[cell(of, node)] = cell(sizes, cell(of, node)) + 1;
  const members = new Map<number, number[]>();
  const placeOf = new Int32Array(graph.nodeCount);
  for (let node = 0; node < of.length; node++) {
    const component = cell(of, node);
    if (cell(sizes, component) < 2) continue;
    const list = members.get(component) ?? [];
    placeOf[node] = list.length;
    if (list.push(node) === 1) members.set(component, list);
  }
  for (const [component, list] of members) {
    yield part(graph, Int32Array.from(list), (node) =>
      cell(of, node) === component ? cell(placeOf, node) : -1,
    );
  }
};

/** `nodes` ascending, `place` their new numbers and -1 for every other node. */
const part = (graph: DependencyGraph, nodes: Int32Array, place: (node: number) => number): Part => {
  const starts = new Int32Array(nodes.length + 1);
  const targets = new IntegerList();
  const kinds = new IntegerList();
  let transactionCount = 0;
  for (const [number, node] of nodes.entries()) {
    if (node < graph.transactionCount) transactionCount++;
    for (let edge = cell(graph.starts, node); edge < cell(graph.starts, node + 1); edge++) {
      const target = place(cell(graph.targets, edge));
      if (target < 0) continue;
      targets.push(target);
      kinds.push(cell(graph.kinds, edge));
    }
    starts[number + 1] = targets.length;
  }
  return {
    nodes,
    graph: {
      transactionCount,
      nodeCount: nodes.length,
      starts,
      targets: targets.view(),
      kinds: kinds.view(),
    },
  };
};

const unseen = 0;

class TarjanSearch {
  /** Node -> component, -1 while it is open. */
  readonly component: Int32Array;
  count = 0;
  readonly #graph: DependencyGraph;
  readonly #mask: number;
  /** Order of discovery from 1; `low` as in the paper. */
  readonly #order: Int32Array;
  readonly #low: Int32Array;
  readonly #nextEdge: Int32Array;
  readonly #path: Int32Array;
  readonly #open: Int32Array;
  #openCount = 0;
  #discovered = 0;

  constructor(graph: DependencyGraph, mask: number) {
    const size = graph.nodeCount;
    this.#graph = graph;
    this.#mask = mask;
    this.component = new Int32Array(size).fill(-1);
    this.#order = new Int32Array(size);
    this.#low = new Int32Array(size);
    this.#nextEdge = graph.starts.slice(0, size);
    this.#path = new Int32Array(size);
    this.#open = new Int32Array(size);
  }

  visit(root: number): void {
    if (cell(this.#order, root) !== unseen) return;
    let depth = 0;
    this.#discover(root);
    this.#path[0] = root;
    while (depth >= 0) {
      const node = cell(this.#path, depth);
      const child = this.#advance(node);
      if (child >= 0) {
        this.#discover(child);
        this.#path[++depth] = child;
        continue;
      }
      if (cell(this.#low, node) === cell(this.#order, node)) this.#close(node);
      depth--;
      if (depth >= 0) this.#lower(cell(this.#path, depth), cell(this.#low, node));
    }
  }

  #discover(node: number): void {
    this.#discovered++;
    this.#order[node] = this.#discovered;
    this.#low[node] = this.#discovered;
    this.#open[this.#openCount++] = node;
  }

  /** The next undiscovered node behind `node`, or -1 when its edges are used up. */
  #advance(node: number): number {
    const { starts, targets, kinds } = this.#graph;
    const end = cell(starts, node + 1);
    let edge = cell(this.#nextEdge, node);
    let child = -1;
    for (; edge < end && child < 0; edge++) {
      if ((cell(kinds, edge) & this.#mask) === 0) continue;
      const target = cell(targets, edge);
      if (cell(this.#order, target) === unseen) child = target;
      else if (cell(this.component, target) < 0) this.#lower(node, cell(this.#order, target));
    }
    this.#nextEdge[node] = edge;
    return child;
  }

  #lower(node: number, low: number): void {
    if (low < cell(this.#low, node)) this.#low[node] = low;
  }

  #close(root: number): void {
    let node: number;
    do {
      node = cell(this.#open, --this.#openCount);
      this.component[node] = this.count;
    } while (node !== root);
    this.count++;
  }
}
