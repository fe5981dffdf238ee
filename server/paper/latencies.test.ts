import { expect, test } from "vitest";
import { correlation, latenciesOf } from "./latencies.ts";

test("of a thousand latencies the 99.9th percentile is the last but one, whatever their order", () => {
  const shuffled = Array.from({ length: 1000 }, (_, index) => ((index * 389) % 1000) + 1);

  expect(latenciesOf(shuffled)).toEqual({ count: 1000, meanMs: 500.5, p99Ms: 990, p999Ms: 999 });
  expect(latenciesOf([])).toEqual({ count: 0, meanMs: 0, p99Ms: 0, p999Ms: 0 });
});

test("rows that rise together correlate by 1, against each other by -1, and with a constant not at all", () => {
  expect(correlation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(correlation([1, 2, 3], [5, 5, 5])).toBe(0);
});
