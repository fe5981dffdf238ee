import { describe, expect, it } from "vitest";
import { latencyFigures, quantileOf, samplesFor } from "./percentiles.ts";

const upTo = (count: number): Float64Array => Float64Array.from({ length: count }, (_, index) => index + 1);

describe("a percentile", () => {
  it("is a sample that so many do not exceed", () => {
    expect(quantileOf(upTo(1_000), 0.5)).toBe(500);
    expect(quantileOf(upTo(1_000), 0.99)).toBe(990);
    expect(quantileOf(upTo(10_000), 0.999)).toBe(9_990);
  });

  it("is not named when fewer than three samples lie beyond it", () => {
    expect([0.5, 0.9, 0.99, 0.999].map(samplesFor)).toEqual([6, 30, 300, 3_000]);
    expect(quantileOf(upTo(299), 0.99)).toBeNull();
    expect(quantileOf(upTo(300), 0.99)).toBe(297);
  });

  it("does not ask for an order", () => {
    expect(latencyFigures(upTo(30).toReversed())).toEqual({
      p50: 15,
      p90: 27,
      p99: null,
      p999: null,
      max: 30,
    });
    expect(latencyFigures([])).toEqual({ p50: null, p90: null, p99: null, p999: null, max: null });
  });
});
