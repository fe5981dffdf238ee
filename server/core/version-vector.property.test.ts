import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
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

describe("version vectors", () => {
  test.prop([anyVector, anyVector, anyVector], { numRuns: numRuns(300) })(
    "are partially ordered by covers",
    (a, b, c) => {
      expect(covers(a, a)).toBe(true);
      if (covers(a, b) && covers(b, a)) expect(a).toEqual(b);
      if (covers(a, b) && covers(b, c)) expect(covers(a, c)).toBe(true);
    },
  );

  test.prop([anyVector, anyVector], { numRuns: numRuns(300) })("compare mirror-wise", (a, b) => {
    expect(compare(b, a)).toBe(mirrored[compare(a, b)]);
  });

  test.prop([anyVector, anyVector, anyVector], { numRuns: numRuns(300) })(
    "merge to the least vector that covers both",
    (a, b, c) => {
      const merged = merge(a, b);

      expect(covers(merged, a) && covers(merged, b)).toBe(true);
      if (covers(c, a) && covers(c, b)) expect(covers(c, merged)).toBe(true);
    },
  );

  test.prop([anyVector, anyVector, anyVector], { numRuns: numRuns(300) })(
    "merge commutatively, associatively and idempotently, to the same bytes",
    (a, b, c) => {
      const entries = (vector: VersionVector) => [...vector];

      expect(entries(merge(a, b))).toEqual(entries(merge(b, a)));
      expect(entries(merge(merge(a, b), c))).toEqual(entries(merge(a, merge(b, c))));
      expect(entries(merge(a, a))).toEqual(entries(a));
    },
  );

  test.prop([anyVector, fc.constantFrom("w", "x", "y", "z")], { numRuns: numRuns(100) })(
    "grow by exactly one event when incremented, and stay sorted",
    (vector, actor) => {
      const next = increment(vector, actor);

      expect(compare(vector, next)).toBe("before");
      expect(next.get(actor)).toBe((vector.get(actor) ?? 0) + 1);
      expect([...next.keys()]).toEqual([...next.keys()].toSorted());
    },
  );
});
