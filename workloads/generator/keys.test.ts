import { describe, expect, it } from "vitest";
import { type IndexDraw, scrambled, uniformIndex, zipfExponent, zipfianIndex } from "./keys.ts";
import { streamOf } from "./stream.ts";

const countsOf = (draw: IndexDraw, size: number, sampleCount: number): number[] => {
  const stream = streamOf(42, "sample");
  const counts = Array.from({ length: size }, () => 0);
  for (let n = 0; n < sampleCount; n++) {
    const index = draw(stream);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
};

/** Pearson's statistic of `counts` against the shares that `weights` give. */
const chiSquare = (counts: readonly number[], weights: readonly number[]): number => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weightSum = weights.reduce((sum, weight) => sum + weight, 0);
  return counts.reduce((sum, count, index) => {
    const expected = (total * (weights[index] ?? 0)) / weightSum;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
};

const zipfWeights = (size: number, exponent: number): number[] =>
  Array.from({ length: size }, (_, index) => (index + 1) ** -exponent);

// 99.9 % points of chi-square: 99 degrees of freedom 148.2, 1 degree 10.8.
const limit99 = 148.2;

describe("popularity", () => {
  it("follows Zipf's law over a hundred keys", () => {
    const counts = countsOf(zipfianIndex(100), 100, 50_000);

    expect(chiSquare(counts, zipfWeights(100, zipfExponent))).toBeLessThan(limit99);
  });

  it("follows Zipf's law where the exponent is 1 or more", () => {
    for (const exponent of [1, 1.4]) {
      const counts = countsOf(zipfianIndex(100, exponent), 100, 50_000);

      expect(chiSquare(counts, zipfWeights(100, exponent))).toBeLessThan(limit99);
    }
  });

  it("is told from a slightly different exponent, so that the bound above means something", () => {
    const counts = countsOf(zipfianIndex(100, 0.9), 100, 50_000);

    expect(chiSquare(counts, zipfWeights(100, zipfExponent))).toBeGreaterThan(limit99);
  });

  it("is the same for all keys of a uniform draw", () => {
    const counts = countsOf(uniformIndex(100), 100, 50_000);

    expect(
      chiSquare(
        counts,
        Array.from({ length: 100 }, () => 1),
      ),
    ).toBeLessThan(limit99);
  });

  it("knows one key and two keys", () => {
    expect(countsOf(zipfianIndex(1), 1, 100)).toEqual([100]);
    expect(chiSquare(countsOf(zipfianIndex(2), 2, 10_000), zipfWeights(2, zipfExponent))).toBeLessThan(10.8);
  });

  it("keeps its shape and changes its order when it is scrambled", () => {
    const plain = countsOf(zipfianIndex(50), 50, 5_000);

    const mixed = countsOf(scrambled(zipfianIndex(50), 50, streamOf(1, "ranks")), 50, 5_000);

    expect(mixed).not.toEqual(plain);
    expect(mixed.toSorted((a, b) => a - b)).toEqual(plain.toSorted((a, b) => a - b));
  });
});
