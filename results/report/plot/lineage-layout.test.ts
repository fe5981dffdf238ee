import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LineageEdge, LineageNode } from "../../../checkers/verdict.ts";
import { findAll, readMarkup } from "../../fixture/page-reader.ts";
import { lineageDrawing } from "./lineage.ts";
import { layOut, lineageLimit } from "./lineage-layout.ts";

const node = (id: string, role: LineageNode["role"] = "write"): LineageNode => ({ id, label: id, role });
const edge = (from: string, to: string): LineageEdge => ({ from, to, kind: "parent", because: "" });

const names = (layout: ReturnType<typeof layOut>): readonly (readonly (string | null)[])[] =>
  layout.layers.map((layer) => layer.map((slot) => slot.node?.id ?? null));

describe("a lineage", () => {
  it("lies in layers, each version beyond all its ancestors", () => {
    const layout = layOut({
      nodes: ["a", "b", "c", "d"].map((id) => node(id)),
      edges: [edge("a", "b"), edge("b", "d"), edge("a", "c"), edge("c", "d")],
    });

    expect(names(layout)).toEqual([["a"], ["b", "c"], ["d"]]);
  });

  it("leads a long edge through a way-point in each layer that it crosses", () => {
    const layout = layOut({
      nodes: ["a", "b", "c"].map((id) => node(id)),
      edges: [edge("a", "b"), edge("b", "c"), edge("a", "c")],
    });

    expect(names(layout)[1]?.toSorted()).toEqual(["b", null]);
    expect(layout.edges.at(-1)?.path).toHaveLength(3);
  });

  it("cuts a cycle and drops edges to nowhere", () => {
    const layout = layOut({
      nodes: ["a", "b"].map((id) => node(id)),
      edges: [edge("a", "b"), edge("b", "a"), edge("a", "a"), edge("a", "ghost")],
    });

    expect(layout.edges.map((placed) => placed.edge)).toEqual([edge("a", "b")]);
  });

  it("keeps what is missing when there is too much to draw", () => {
    const nodes = [...Array.from({ length: 60 }, (_, index) => node(`w${index}`)), node("lost", "missing")];
    const layout = layOut({ nodes, edges: [] });

    expect(layout.omittedCount).toBe(61 - lineageLimit);
    expect(names(layout).flat()).toContain("lost");
  });

  it("places any graph whole, with every edge pointing forward and every box in the drawing", () => {
    const ids = fc.constantFrom(..."abcdefghijkl");
    const graph = fc.record({
      nodes: fc.uniqueArray(
        ids.map((id) => node(id)),
        { selector: (one) => one.id, maxLength: 12 },
      ),
      edges: fc.array(
        fc.tuple(ids, ids).map(([from, to]) => edge(from, to)),
        { maxLength: 30 },
      ),
    });

    fc.assert(
      fc.property(graph, (lineage) => {
        const layout = layOut(lineage);
        const root = readMarkup(lineageDrawing({ id: "x", title: "x", lineage }, "wide").toString());
        const [svg] = findAll(root, "svg");
        const width = Number(svg?.attributes["width"]);

        expect(
          names(layout)
            .flat()
            .filter((id) => id !== null)
            .toSorted(),
        ).toEqual(lineage.nodes.map((one) => one.id).toSorted());
        for (const { path } of layout.edges)
          expect(path.map((slot) => slot.layer)).toEqual(path.map((_, step) => (path[0]?.layer ?? 0) + step));
        for (const rect of findAll(root, "rect"))
          expect(Number(rect.attributes["x"]) + Number(rect.attributes["width"])).toBeLessThanOrEqual(width);
      }),
      { numRuns: process.env["TIPCART_DEEP"] === "1" ? 5_000 : 200 },
    );
  });
});
