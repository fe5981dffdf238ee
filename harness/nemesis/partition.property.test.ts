import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Grudge } from "../cluster/cluster.ts";
import { pairName } from "../cluster/links.ts";
import { drawnShapes, grudgeOf } from "./partition.ts";

const numRuns = process.env["TIPCART_DEEP"] === "1" ? 5_000 : 200;

/** A cluster, and an order of some of its nodes. */
const clusterAndOrder = fc
  .integer({ min: 2, max: 9 })
  .map((count) => Array.from({ length: count }, (_, index) => `n${index + 1}`))
  .chain((cluster) => fc.tuple(fc.constant(cluster), fc.shuffledSubarray(cluster)));

const shapes = fc.constantFrom(...drawnShapes);
const symmetric = shapes.filter((shape) => shape !== "one-way");

const names = (grudge: Grudge): Set<string> => new Set(grudge.map(pairName));

/** The groups of nodes that hear each other over any number of open links, both ways. */
function groups(cluster: readonly string[], grudge: Grudge): string[][] {
  const cut = names(grudge);
  const hear = (one: string, other: string): boolean =>
    !cut.has(pairName({ from: one, to: other })) && !cut.has(pairName({ from: other, to: one }));
  const found: string[][] = [];
  for (const node of cluster) {
    const [joined, apart] = [
      found.filter((group) => group.some((other) => hear(node, other))),
      found.filter((group) => !group.some((other) => hear(node, other))),
    ];
    found.splice(0, found.length, ...apart, [node, ...joined.flat()]);
  }
  return found;
}

describe("a grudge", () => {
  it("names each pair once and no node with itself", () => {
    fc.assert(
      fc.property(shapes, clusterAndOrder, (shape, [cluster, order]) => {
        const grudge = grudgeOf(shape, order, cluster);

        expect(names(grudge).size).toBe(grudge.length);
        expect(grudge.filter(({ from, to }) => from === to)).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("is mutual but for one-way cuts", () => {
    fc.assert(
      fc.property(symmetric, clusterAndOrder, (shape, [cluster, order]) => {
        const grudge = grudgeOf(shape, order, cluster);

        const turned = grudge.map(({ from, to }) => ({ from: to, to: from }));

        expect(names(turned)).toEqual(names(grudge));
      }),
      { numRuns },
    );
  });

  it("of one-way silences one node and is never mutual", () => {
    fc.assert(
      fc.property(clusterAndOrder, ([cluster, order]) => {
        const grudge = grudgeOf("one-way", order, cluster);

        const turned = grudge.map(({ from, to }) => pairName({ from: to, to: from }));

        expect(new Set(grudge.map(({ from }) => from))).toEqual(new Set([order[0] ?? cluster[0]]));
        expect(grudge).toHaveLength(cluster.length - 1);
        expect(turned.filter((name) => names(grudge).has(name))).toEqual([]);
      }),
      { numRuns },
    );
  });

  it("of isolate-one leaves its first node alone and the others together", () => {
    fc.assert(
      fc.property(clusterAndOrder, ([cluster, order]) => {
        const parts = groups(cluster, grudgeOf("isolate-one", order, cluster));

        expect(parts).toContainEqual([order[0] ?? cluster[0]]);
        expect(parts).toHaveLength(2);
      }),
      { numRuns },
    );
  });

  it("of halves leaves two groups that differ by at most one", () => {
    fc.assert(
      fc.property(clusterAndOrder, ([cluster, order]) => {
        const sizes = groups(cluster, grudgeOf("halves", order, cluster)).map(({ length }) => length);

        const [smaller = 0, larger = 0] = sizes.toSorted((a, b) => a - b);

        expect(sizes).toHaveLength(2);
        expect(larger - smaller).toBeLessThanOrEqual(1);
      }),
      { numRuns },
    );
  });

  it("of a bridge is crossed by exactly one node, without which the cluster falls in two", () => {
    fc.assert(
      fc.property(
        clusterAndOrder.filter(([cluster]) => cluster.length >= 3),
        ([cluster, order]) => {
          const grudge = grudgeOf("bridge", order, cluster);
          const concerned = new Set(grudge.flatMap(({ from, to }) => [from, to]));

          const bridges = cluster.filter((node) => !concerned.has(node));
          const rest = cluster.filter((node) => concerned.has(node));

          expect(bridges).toEqual([order[0] ?? cluster[0]]);
          expect(groups(cluster, grudge)).toHaveLength(1);
          expect(groups(rest, grudge)).toHaveLength(2);
        },
      ),
      { numRuns },
    );
  });

  it("of a split parts those it names from all others", () => {
    fc.assert(
      fc.property(
        clusterAndOrder.filter(([cluster, named]) => named.length > 0 && named.length < cluster.length),
        ([cluster, named]) => {
          const parts = groups(cluster, grudgeOf("split", named, cluster)).map((part) => part.toSorted());

          expect(parts).toContainEqual(named.toSorted());
          expect(parts).toHaveLength(2);
        },
      ),
      { numRuns },
    );
  });

  it("of minority-third leaves the others together, and at least twice as many", () => {
    fc.assert(
      fc.property(
        clusterAndOrder.filter(([cluster]) => cluster.length >= 3),
        ([cluster, order]) => {
          const sizes = groups(cluster, grudgeOf("minority-third", order, cluster)).map(
            ({ length }) => length,
          );

          const [smaller = 0, larger = 0] = sizes.toSorted((a, b) => a - b);

          expect(sizes).toHaveLength(2);
          expect(larger).toBeGreaterThanOrEqual(2 * smaller);
        },
      ),
      { numRuns },
    );
  });

  it("of majorities-ring shows each node a majority, and no two the same one", () => {
    fc.assert(
      fc.property(
        clusterAndOrder.filter(([cluster]) => cluster.length >= 4),
        ([cluster, order]) => {
          const cut = names(grudgeOf("majorities-ring", order, cluster));

          const views = cluster.map((node) =>
            cluster.filter((other) => !cut.has(pairName({ from: other, to: node }))).toSorted(),
          );

          for (const view of views) expect(view.length).toBeGreaterThan(cluster.length / 2);
          expect(new Set(views.map(String)).size).toBe(cluster.length);
        },
      ),
      { numRuns },
    );
  });

  it("of a cluster too small for the shape is empty", () => {
    expect(grudgeOf("isolate-one", [], ["n1"])).toEqual([]);
    expect(grudgeOf("halves", [], ["n1"])).toEqual([]);
    expect(grudgeOf("bridge", [], ["n1", "n2"])).toEqual([]);
    expect(grudgeOf("one-way", [], [])).toEqual([]);
    expect(grudgeOf("split", ["n1", "n2"], ["n1", "n2"])).toEqual([]);
    expect(grudgeOf("minority-third", [], ["n1", "n2"])).toEqual([]);
    expect(grudgeOf("majorities-ring", [], ["n1", "n2", "n3"])).toEqual([]);
  });
});
