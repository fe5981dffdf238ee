import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spread } from "./spread.ts";
import { numRuns } from "./state-fixture.ts";

const anyWalk = fc
  .array(fc.record({ dc: fc.constantFrom("x", "y", "z"), rack: fc.constantFrom("1", "2", "3") }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((places) => places.map((place, index) => ({ nodeId: `n${index}`, ...place })));

const racks = (nodes: readonly ({ readonly rack: string } | undefined)[]) =>
  new Set(nodes.map((node) => node?.rack)).size;

describe("a spread walk", () => {
  it("names every node once, and begins where it began", () => {
    fc.assert(
      fc.property(anyWalk, (walk) => {
        const order = spread(walk);

        expect(order.toSorted()).toEqual(walk.map(({ nodeId }) => nodeId).toSorted());
        expect(order[0]).toBe(walk[0]?.nodeId);
      }),
      { numRuns: numRuns(200) },
    );
  });

  it("has among its first N as many data centres as there can be, and racks in each", () => {
    fc.assert(
      fc.property(anyWalk, fc.integer({ min: 1, max: 12 }), (walk, n) => {
        const first = spread(walk)
          .slice(0, n)
          .map((nodeId) => walk.find((node) => node.nodeId === nodeId));
        const chosen = (dc: string) => first.filter((node) => node?.dc === dc);
        const dcs = [...new Set(walk.map(({ dc }) => dc))];

        expect(dcs.filter((dc) => chosen(dc).length > 0)).toHaveLength(Math.min(n, walk.length, dcs.length));
        for (const dc of dcs) {
          const all = racks(walk.filter((node) => node.dc === dc));
          expect(racks(chosen(dc))).toBe(Math.min(all, chosen(dc).length));
        }
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("leaves a walk alone that has one place only", () => {
    expect(spread([{ nodeId: "c" }, { nodeId: "a" }, { nodeId: "b" }])).toEqual(["c", "a", "b"]);
  });

  it("deals the data centres out in turn, racks within them too", () => {
    const walk = ["x1", "x1", "x2", "y1", "y1", "y2"].map((place, index) => {
      return { nodeId: `${place}${"ab"[index % 2]}`, dc: place[0] ?? "", rack: place[1] ?? "" };
    });

    expect(spread(walk)).toEqual(["x1a", "y1b", "x2a", "y2b", "x1b", "y1a"]);
  });
});
