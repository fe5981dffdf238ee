import { describe, expect, test } from "vitest";
import { bootstrapUpperBound } from "./block-bootstrap.ts";
import { lowerBound, provingCount, upperBound } from "./clopper-pearson.ts";

describe("exact bounds", () => {
  test.each([
    // Requests that just prove 99.9 % with 95 % confidence, by the number of bad ones among them.
    [0, 2995],
    [1, 4743],
    [2, 6295],
    [5, 10_512],
    [10, 16_961],
  ])(
    "with %i bad, %i requests are enough to prove one in a thousand, and ten fewer are not",
    (bad, count) => {
      expect(upperBound(bad, count + 1)).toBeLessThanOrEqual(0.001);
      expect(upperBound(bad, count - 10)).toBeGreaterThan(0.001);
    },
  );

  test("without a bad request are those of the closed form", () => {
    expect(upperBound(0, 100)).toBeCloseTo(1 - 0.05 ** (1 / 100), 10);
    expect(lowerBound(0, 100)).toBe(0);
    expect(lowerBound(100, 100)).toBeCloseTo(0.05 ** (1 / 100), 10);
    expect(upperBound(100, 100)).toBe(1);
  });

  test("are those of the tables for 5 of 20", () => {
    expect(lowerBound(5, 20)).toBeCloseTo(0.1041, 4);
    expect(upperBound(5, 20)).toBeCloseTo(0.4556, 4);
  });

  test("mirror each other and follow the normal ones, for a million requests too", () => {
    const count = 1_000_000;
    for (const bad of [1_000, 100_000, 500_000]) {
      const share = bad / count;
      const spread = 1.644_854 * Math.sqrt((share * (1 - share)) / count);

      expect(upperBound(bad, count) + lowerBound(count - bad, count)).toBeCloseTo(1, 10);
      expect(Math.abs(upperBound(bad, count) - share - spread)).toBeLessThan(0.05 * spread);
      expect(Math.abs(share - lowerBound(bad, count) - spread)).toBeLessThan(0.05 * spread);
    }
  });

  test("a perfect service is proved by 2,995 requests", () => {
    expect(provingCount(0.001)).toBe(2995);
  });
});

const blocks = (bad: readonly number[]) => bad.map((one) => ({ bad: one, count: 100 }));

describe("the bootstrap bound", () => {
  test("is far above the exact one when the bad requests hang together", () => {
    const clustered = blocks([50, ...Array.from({ length: 49 }, () => 0)]);
    const spread = blocks(Array.from({ length: 50 }, () => 1));

    expect(bootstrapUpperBound(clustered, 1)).toBeGreaterThan(2 * upperBound(50, 5000));
    expect(bootstrapUpperBound(spread, 1)).toBe(0.01);
  });

  test("is the same for the same seed", () => {
    const some = blocks([3, 0, 7, 1, 0, 0, 2]);

    expect(bootstrapUpperBound(some, 7)).toBe(bootstrapUpperBound(some, 7));
  });

  test("is 0 when nothing was bad and 1 when nothing was asked", () => {
    expect(bootstrapUpperBound(blocks([0, 0]), 1)).toBe(0);
    expect(bootstrapUpperBound([], 1)).toBe(1);
  });
});
