/**
 * The whole history's dependencies in compressed sparse rows: three typed arrays, whatever the size.
 *
 * Nodes below `transactionCount` are transactions (or versions); the others are auxiliary: a node that a crowd
 * leads into and out of, which keeps "all of these before all of those" linear instead of quadratic.
 */
import { edgeKind } from "./edge-kind.ts";
import { cell, groupBy, IntegerList } from "./integers.ts";

export type DependencyGraph = {
  readonly transactionCount: number;
  readonly nodeCount: number;
  /** Edges of node n are `starts[n] … starts[n + 1] - 1`. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** One bit of edge-kind.ts an edge. */
  readonly kinds: Int32Array;
};

export class GraphBuilder {
  readonly #transactionCount: number;
  #nodeCount: number;
  readonly #from = new IntegerList();
  readonly #to = new IntegerList();
  readonly #kind = new IntegerList();

  constructor(transactionCount: number) {
    this.#transactionCount = transactionCount;
    this.#nodeCount = transactionCount;
  }

  get edgeCount(): number {
    return this.#from.length;
  }

  /** A new auxiliary node. */
  addNode(): number {
    return this.#nodeCount++;
  }

  /** Nothing depends on itself: an edge from a node to itself is left out. */
  addEdge(from: number, to: number, kind: number): void {
    if (from === to) return;
    this.#from.push(from);
    this.#to.push(to);
    this.#kind.push(kind);
  }

  /**
   * An edge from every source to every target but itself. Few are added one by one; many go through a chain of
   * auxiliary nodes, one a target, from whose end a source reaches all targets. A source that is itself the i-th
   * target enters two chains instead, one that leads down from i - 1 and one that leads up from i + 1, so that no
   * path leads from it to itself. The lists hold no node twice.
   */
  addAll(sources: ArrayLike<number>, targets: ArrayLike<number>, kind: number): void {
    if (sources.length * targets.length <= 2 * (sources.length + targets.length)) {
      for (let s = 0; s < sources.length; s++)
        for (let t = 0; t < targets.length; t++)
          this.addEdge(sources[s] as number, targets[t] as number, kind);
      return;
    }
    const places = new Map<number, number>();
    for (let t = 0; t < targets.length; t++) places.set(targets[t] as number, t);
    const down = this.#chain(targets, -1);
    let up: readonly number[] = [];
    for (let s = 0; s < sources.length; s++) {
      const source = sources[s] as number;
      const place = places.get(source) ?? targets.length;
      const below = down[place - 1];
      if (below !== undefined) this.addEdge(source, below, kind);
      if (place >= targets.length - 1) continue;
      if (up.length === 0) up = this.#chain(targets, 1);
      const above = up[place + 1];
      if (above !== undefined) this.addEdge(source, above, kind);
    }
  }

  /** Sorted by source node; the builder may be dropped afterwards. */
  build(): DependencyGraph {
    const from = this.#from.view();
    const to = this.#to.view();
    const kind = this.#kind.view();
    const { starts, items } = groupBy(from, this.#nodeCount);
    const kinds = new Int32Array(items.length);
    for (let e = 0; e < items.length; e++) kinds[e] = cell(kind, cell(items, e));
    for (let e = 0; e < items.length; e++) items[e] = cell(to, cell(items, e));
    return {
      transactionCount: this.#transactionCount,
      nodeCount: this.#nodeCount,
      starts,
      targets: items,
      kinds,
    };
  }

  /** One auxiliary node a target, each leading to its target and to the next node in `direction`. */
  #chain(targets: ArrayLike<number>, direction: 1 | -1): readonly number[] {
    const nodes = Array.from(targets, () => this.addNode());
    for (const [place, node] of nodes.entries()) {
      this.addEdge(node, targets[place] as number, edgeKind.link);
      const next = nodes[place + direction];
      if (next !== undefined) this.addEdge(node, next, edgeKind.link);
    }
    return nodes;
  }
}
