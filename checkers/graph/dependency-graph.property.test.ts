/** A crowd's edges through auxiliary nodes must mean the same as all of its edges one by one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DependencyGraph, GraphBuilder } from "./dependency-graph.ts";
import { edgeKind } from "./edge-kind.ts";
import { addRealtimeOrder } from "./realtime.ts";

/** The transactions reached from `node` by one edge, auxiliary nodes being no stop. */
const reached = (graph: DependencyGraph, node: number): ReadonlySet<number> => {
  const found = new Set<number>();
  const open = [node];
  const seen = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (let edge = graph.starts[at] ?? 0; edge < (graph.starts[at + 1] ?? 0); edge++) {
      const target = graph.targets[edge] ?? 0;
      if (target < graph.transactionCount) found.add(target);
      else if (!seen.has(target)) {
        seen.add(target);
        open.push(target);
      }
    }
  }
  return found;
};

const nodes = 24;
const crowd = fc.uniqueArray(fc.nat(nodes - 1), { maxLength: nodes });
const runs = { numRuns: process.env["TIPCART_DEEP"] === "1" ? 20_000 : 300 };

describe("auxiliary nodes", () => {
  it("lead from every source to every target but itself", () => {
    fc.assert(
      fc.property(crowd, crowd, (sources, targets) => {
        const builder = new GraphBuilder(nodes);
        builder.addAll(sources, targets, edgeKind.rw);
        const graph = builder.build();

        for (let node = 0; node < nodes; node++) {
          const expected = sources.includes(node) ? targets.filter((target) => target !== node) : [];
          expect([...reached(graph, node)].toSorted()).toEqual(expected.toSorted());
        }
      }),
      runs,
    );
  });

  it("keep the number of edges linear", () => {
    const everyone = Array.from({ length: 1000 }, (_, node) => node);
    const builder = new GraphBuilder(1000);

    builder.addAll(everyone, everyone, edgeKind.rw);

    expect(builder.edgeCount).toBeLessThan(7000);
  });

  it("order in time exactly the operations of which one ended before the other began", () => {
    const interval = fc.tuple(fc.nat(1000), fc.nat(1000), fc.boolean());
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 16 }), (drawn) => {
        const events = drawn
          .flatMap(([a, b, ends], number) => [
            { at: Math.min(a, b), number, isEnd: false },
            ...(ends ? [{ at: Math.max(a, b), number, isEnd: true }] : []),
          ])
          .toSorted((x, y) => x.at - y.at || Number(x.isEnd) - Number(y.isEnd));
        const from = new Int32Array(drawn.length).fill(-1);
        const until = new Int32Array(drawn.length).fill(-1);
        for (const [position, { number, isEnd }] of events.entries())
          (isEnd ? until : from)[number] = position;
        const builder = new GraphBuilder(drawn.length);
        addRealtimeOrder(builder, { from, until, positionCount: events.length });
        const graph = builder.build();

        for (let a = 0; a < drawn.length; a++) {
          const after = Array.from(drawn.keys()).filter(
            (b) => (until[a] ?? 0) >= 0 && (until[a] ?? 0) < (from[b] ?? 0),
          );
          expect([...laterThan(graph, a)].toSorted()).toEqual(after.toSorted());
        }
      }),
      runs,
    );
  });
});

/** All that comes later in the transitive order, which is what a reduced one must still say. */
const laterThan = (graph: DependencyGraph, node: number): ReadonlySet<number> => {
  const later = new Set(reached(graph, node));
  for (const next of later) for (const more of reached(graph, next)) later.add(more);
  return later;
};
