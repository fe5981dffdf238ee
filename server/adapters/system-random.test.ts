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

test("bytes drawn ahead are given once, and as many as are asked for", () => {
  const random = new SystemRandom();

  const draws = Array.from({ length: 1000 }, () => Buffer.from(random.bytes(16)).toString("hex"));
  const long = random.bytes(10_000);

  expect(new Set(draws).size).toBe(1000);
  expect(long.length).toBe(10_000);
  expect(new Set(long).size).toBe(256);
});

test("what is done to drawn bytes does not reach the next draw", () => {
  const random = new SystemRandom();

  const first = random.bytes(16);
  const second = random.bytes(16);
  const before = [...second];
  first.fill(0);

  expect([...second]).toEqual(before);
});
