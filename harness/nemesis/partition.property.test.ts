import { fc, it } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { Grudge } from "../cluster/cluster.ts";
import { pairName } from "../cluster/links.ts";
import { grudgeOf } from "./partition.ts";

const numRuns = process.env["TIPCART_DEEP"] === "1" ? 5_000 : 200;

/** A cluster, and an order of some of its nodes. */
const clusterAndOrder = fc
  .integer({ min: 2, max: 9 })
  .map((count) => Array.from({ length: count }, (_, index) => `n${index + 1}`))
  .chain((cluster) => fc.tuple(fc.constant(cluster), fc.shuffledSubarray(cluster)));

const shapes = fc.constantFrom(
  "isolate-one" as const,
  "halves" as const,
  "bridge" as const,
  "one-way" as const,
);
const symmetric = fc.constantFrom("isolate-one" as const, "halves" as const, "bridge" as const);

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
  it.prop([shapes, clusterAndOrder], { numRuns })(
    "names each pair once and no node with itself",
    (shape, [cluster, order]) => {
      const grudge = grudgeOf(shape, order, cluster);

      expect(names(grudge).size).toBe(grudge.length);
      expect(grudge.filter(({ from, to }) => from === to)).toEqual([]);
    },
  );

  it.prop([symmetric, clusterAndOrder], { numRuns })(
    "is mutual but for one-way cuts",
    (shape, [cluster, order]) => {
      const grudge = grudgeOf(shape, order, cluster);

      const turned = grudge.map(({ from, to }) => ({ from: to, to: from }));

      expect(names(turned)).toEqual(names(grudge));
    },
  );

  it.prop([clusterAndOrder], { numRuns })(
    "of one-way silences one node and never both ways",
    ([cluster, order]) => {
      const grudge = grudgeOf("one-way", order, cluster);

      const turned = grudge.map(({ from, to }) => pairName({ from: to, to: from }));

      expect(new Set(grudge.map(({ from }) => from)).size).toBe(1);
      expect(grudge).toHaveLength(cluster.length - 1);
      expect(turned.filter((name) => names(grudge).has(name))).toEqual([]);
    },
  );

  it.prop([clusterAndOrder], { numRuns })(
    "of isolate-one leaves its first node alone",
    ([cluster, order]) => {
      const first = order[0] ?? cluster[0];

      const parts = groups(cluster, grudgeOf("isolate-one", order, cluster));

      expect(parts).toContainEqual([first]);
      expect(parts).toHaveLength(2);
    },
  );

  it.prop([clusterAndOrder], { numRuns })(
    "of halves leaves two groups that differ by at most one",
    ([cluster, order]) => {
      const [one, other] = groups(cluster, grudgeOf("halves", order, cluster)).map(({ length }) => length);

      expect(Math.abs((one ?? 0) - (other ?? 0))).toBeLessThanOrEqual(1);
      expect((one ?? 0) + (other ?? 0)).toBe(cluster.length);
    },
  );

  it.prop([clusterAndOrder.filter(([cluster]) => cluster.length >= 3)], { numRuns })(
    "of a bridge is crossed by exactly one node, whose removal parts the cluster in two",
    ([cluster, order]) => {
      const grudge = grudgeOf("bridge", order, cluster);
      const concerned = new Set(grudge.flatMap(({ from, to }) => [from, to]));

      const bridges = cluster.filter((node) => !concerned.has(node));
      const rest = cluster.filter((node) => concerned.has(node));

      expect(bridges).toEqual([order[0] ?? cluster[0]]);
      expect(groups(cluster, grudge)).toHaveLength(1);
      expect(groups(rest, grudge)).toHaveLength(2);
    },
  );
});
