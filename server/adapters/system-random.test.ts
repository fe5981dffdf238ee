import { expect, test } from "vitest";
import { SystemRandom } from "./system-random.ts";

test("numbers lie in [0, 1) and are not all the same", () => {
  const random = new SystemRandom();

  const numbers = Array.from({ length: 1000 }, () => random.uniform());

  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  expect(new Set(numbers).size).toBeGreaterThan(990);
});

test("two draws of bytes have the length asked for and differ", () => {
  const random = new SystemRandom();

  const [one, other] = [random.bytes(16), random.bytes(16)];

  expect([one.length, other.length]).toEqual([16, 16]);
  expect(one).not.toEqual(other);
});
