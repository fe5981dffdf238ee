import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { expect } from "vitest";
import { compareKeys } from "./key-order.ts";

const keys = fc.string({ unit: "binary", maxLength: 8 });

test.prop([keys, keys], { numRuns: 500 })("keys are ordered as their UTF-8 bytes are", (a, b) => {
  expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
});

test("a key beyond the basic plane comes after U+FFFF, unlike in JavaScript's own order", () => {
  expect(compareKeys("\u{1F6D2}", "\uFFFF")).toBeGreaterThan(0);
  expect("\u{1F6D2}" < "\uFFFF").toBe(true);
});
