import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numRuns } from "./state-fixture.ts";
import { compare, covers, increment, merge, type Ordering, vectorOf } from "./version-vector.ts";
import type { VersionVector } from "./versions.ts";

/** Few actors and small counters, so that all four orderings are common. */
const anyVector: fc.Arbitrary<VersionVector> = fc
  .record({ x: fc.nat({ max: 2 }), y: fc.nat({ max: 2 }), z: fc.nat({ max: 2 }) })
  .map((counters) => vectorOf(Object.entries(counters)));

const mirrored: Record<Ordering, Ordering> = {
  before: "after",
  after: "before",
  equal: "equal",
  concurrent: "concurrent",
};

const entries = (vector: VersionVector) => [...vector];

describe("version vectors", () => {
  it("are partially ordered by covers", () => {
    fc.assert(
      fc.property(anyVector, anyVector, anyVector, (a, b, c) => {
        expect(covers(a, a)).toBe(true);
        expect(covers(a, b) && covers(b, a)).toBe(String([...a]) === String([...b]));
        expect(covers(a, c) || !(covers(a, b) && covers(b, c))).toBe(true);
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("compare mirror-wise", () => {
    fc.assert(
      fc.property(anyVector, anyVector, (a, b) => {
        expect(compare(b, a)).toBe(mirrored[compare(a, b)]);
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("merge to the least vector that covers both", () => {
    fc.assert(
      fc.property(anyVector, anyVector, anyVector, (a, b, c) => {
        const merged = merge(a, b);

        expect(covers(merged, a) && covers(merged, b)).toBe(true);
        expect(covers(c, merged)).toBe(covers(c, a) && covers(c, b));
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("merge commutatively, associatively and idempotently, to the same bytes", () => {
    fc.assert(
      fc.property(anyVector, anyVector, anyVector, (a, b, c) => {
        expect(entries(merge(a, b))).toEqual(entries(merge(b, a)));
        expect(entries(merge(merge(a, b), c))).toEqual(entries(merge(a, merge(b, c))));
        expect(entries(merge(a, a))).toEqual(entries(a));
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("grow by exactly one event when incremented, and stay sorted", () => {
    fc.assert(
      fc.property(anyVector, fc.constantFrom("w", "x", "y", "z"), (vector, actor) => {
        const next = increment(vector, actor);

        expect(compare(vector, next)).toBe("before");
        expect(next.get(actor)).toBe((vector.get(actor) ?? 0) + 1);
        expect([...next.keys()]).toEqual([...next.keys()].toSorted());
      }),
      { numRuns: numRuns(100) },
    );
  });
});
