import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isStrained, nextSlices, slicesMax, slicesMin } from "./background-slices.ts";
import { numRuns } from "./state-fixture.ts";

const anySlices = fc.integer({ min: slicesMin, max: slicesMax });
const anyMs = fc.double({ min: 0, max: 1000, noNaN: true });
const anyStrain = fc.record({ readP99Ms: fc.option(anyMs, { nil: undefined }), lagMs: anyMs });

test("there is always a slice, and never more than the most", () => {
  fc.assert(
    fc.property(anySlices, fc.array(anyStrain, { maxLength: 50 }), (start, history) => {
      const end = history.reduce((slices, strain) => nextSlices(slices, strain), start);

      expect(end).toBeGreaterThanOrEqual(slicesMin);
      expect(end).toBeLessThanOrEqual(slicesMax);
    }),
    { numRuns: numRuns(200) },
  );
});

test("strain halves them, and ease adds sixteen", () => {
  fc.assert(
    fc.property(anySlices, anyStrain, (now, felt) => {
      const next = nextSlices(now, felt);

      const expected = isStrained(felt)
        ? Math.max(slicesMin, Math.floor(now / 2))
        : Math.min(slicesMax, now + 16);
      expect(next).toBe(expected);
    }),
    { numRuns: numRuns(200) },
  );
});

test("either sign of strain is enough, and too few reads are none", () => {
  expect(isStrained({ readP99Ms: 51, lagMs: 0 })).toBe(true);
  expect(isStrained({ readP99Ms: 0, lagMs: 51 })).toBe(true);
  expect(isStrained({ readP99Ms: 50, lagMs: 50 })).toBe(false);
  expect(isStrained({ readP99Ms: undefined, lagMs: 0 })).toBe(false);
});
