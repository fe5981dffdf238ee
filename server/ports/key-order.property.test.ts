import fc from "fast-check";
import { expect, test } from "vitest";
import { compareKeys } from "./key-order.ts";

test("keys are ordered as their UTF-8 bytes are", () => {
  const key = fc.string({ unit: "binary", maxLength: 8 });

  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 500 },
  );
});

test("a key beyond the basic plane comes after U+FFFF, unlike in JavaScript's own order", () => {
  const inCodeOrder = ["\uFFFF", "\u{1F6D2}"];

  expect(inCodeOrder.toSorted(compareKeys)).toEqual(inCodeOrder);
  expect(inCodeOrder.toSorted()).not.toEqual(inCodeOrder);
});
