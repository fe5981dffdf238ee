/**
 * For many edges at once: can the head get back to the tail? One search an edge would be quadratic. Instead the
 * graph is condensed, and for a block of tails at a time one pass over the condensation, sinks first, carries a bit
 * per tail: a component reaches what it holds and what its successors reach. Exact; the cost is edges times tails
 * over 32, counted in `steps`, and ended by `stepLimit`.
 */
import { componentsOf } from "./components.ts";
import type { DependencyGraph } from "./dependency-graph.ts";
import { cell, groupBy } from "./integers.ts";

/** An edge of a graph. */
export type EdgeEnds = { readonly tail: number; readonly head: number; readonly kind: number };

export type Returning = {
  /** The edges asked about whose head reaches their tail, at most `enough`. */
  readonly edges: readonly EdgeEnds[];
  /** False when the limit came first and edges are left undecided. */
  readonly isComplete: boolean;
};

const blockWords = 32;

/** Which of `candidates` lie on a closed walk whose other edges are all in `mask`. */
export const returningEdges = (
  graph: DependencyGraph,
  mask: number,
  candidates: readonly EdgeEnds[],
  limits: { readonly enough: number; readonly stepLimit: number },
): Returning => {
  const { of, count } = componentsOf(graph, mask);
  const inside = candidates.filter(({ tail, head }) => cell(of, tail) === cell(of, head));
  if (inside.length > 0) return { edges: inside.slice(0, limits.enough), isComplete: true };
  const members = groupBy(of, count);
  const tails = [...new Set(candidates.map(({ tail }) => cell(of, tail)))];
  const found: EdgeEnds[] = [];
  let steps = 0;
  for (let first = 0; first < tails.length; first += blockWords * 32) {
    if (steps > limits.stepLimit) return { edges: found, isComplete: false };
    const block = new Map(tails.slice(first, first + blockWords * 32).map((tail, place) => [tail, place]));
    const words = Math.ceil(block.size / 32);
    const reach = reachedBits(graph, mask, { of, members, block, words });
    steps += (graph.targets.length + count) * words;
    for (const candidate of candidates) {
      const place = block.get(cell(of, candidate.tail));
      if (place === undefined) continue;
      const word = cell(reach, cell(of, candidate.head) * words + (place >> 5));
      if (((word >> (place & 31)) & 1) === 1) found.push(candidate);
      if (found.length >= limits.enough) return { edges: found, isComplete: true };
    }
  }
  return { edges: found, isComplete: true };
};

type Condensation = {
  readonly of: Int32Array;
  readonly members: { readonly starts: Int32Array; readonly items: Int32Array };
  /** Component of a tail -> its bit. */
  readonly block: ReadonlyMap<number, number>;
  readonly words: number;
};

/** `words` words a component: the tails it reaches. Lower components are done first, and edges lead down. */
const reachedBits = (graph: DependencyGraph, mask: number, condensation: Condensation): Int32Array => {
  const { of, members, block, words } = condensation;
  const count = members.starts.length - 1;
  const reach = new Int32Array(count * words);
  for (let component = 0; component < count; component++) {
    const own = component * words;
    const place = block.get(component);
    if (place !== undefined) reach[own + (place >> 5)] = 1 << (place & 31);
    for (let m = cell(members.starts, component); m < cell(members.starts, component + 1); m++) {
      const node = cell(members.items, m);
      for (let edge = cell(graph.starts, node); edge < cell(graph.starts, node + 1); edge++) {
        if ((cell(graph.kinds, edge) & mask) === 0) continue;
        const other = cell(of, cell(graph.targets, edge)) * words;
        if (other === own) continue;
        for (let w = 0; w < words; w++) reach[own + w] = cell(reach, own + w) | cell(reach, other + w);
      }
    }
  }
  return reach;
};
