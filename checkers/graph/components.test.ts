import { describe, expect, it } from "vitest";
import { componentsOf, cyclicParts } from "./components.ts";
import { GraphBuilder } from "./dependency-graph.ts";
import { edgeKind } from "./edge-kind.ts";

const graphOf = (nodeCount: number, edges: readonly (readonly [number, number, number?])[]) => {
  const builder = new GraphBuilder(nodeCount);
  for (const [from, to, kind] of edges) builder.addEdge(from, to, kind ?? edgeKind.ww);
  return builder.build();
};

describe("components", () => {
  it("finds two cycles that are joined by one edge as two components", () => {
    const graph = graphOf(5, [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 2],
    ]);

    const parts = [...cyclicParts(graph, edgeKind.ww)];

    expect(parts.map(({ nodes }) => [...nodes])).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    expect(parts.map((part) => [...part.graph.targets])).toEqual([
      [1, 0],
      [1, 2, 0],
    ]);
  });

  it("numbers components against the direction of the edges between them", () => {
    const { of } = componentsOf(
      graphOf(3, [
        [0, 1],
        [1, 2],
      ]),
      edgeKind.ww,
    );

    expect([...of]).toEqual([2, 1, 0]);
  });

  it("counts only the kinds that are asked for", () => {
    const graph = graphOf(2, [
      [0, 1, edgeKind.ww],
      [1, 0, edgeKind.rw],
    ]);

    expect([...cyclicParts(graph, edgeKind.ww)]).toEqual([]);
    expect([...cyclicParts(graph, edgeKind.ww | edgeKind.rw)]).toHaveLength(1);
  });

  it("walks a cycle of a million nodes without a stack", () => {
    const size = 1_000_000;
    const builder = new GraphBuilder(size);
    for (let node = 0; node < size; node++) builder.addEdge(node, (node + 1) % size, edgeKind.ww);

    const { count } = componentsOf(builder.build(), edgeKind.ww);

    expect(count).toBe(1);
  });
});
