import { expect, test } from "vitest";
import { LatencyHistogram, latencyMicrosMax } from "./histogram.ts";

const filled = (...micros: readonly number[]): LatencyHistogram => {
  const histogram = new LatencyHistogram();
  for (const one of micros) histogram.record(one);
  return histogram;
};

test("a percentile is within a thousandth of the true one and never above the greatest value", () => {
  const histogram = filled(...Array.from({ length: 1000 }, (_, index) => (index + 1) * 1000));

  expect(Math.abs(histogram.valueAt(0.5) - 500_000) / 500_000).toBeLessThan(0.001);
  expect(filled(299_999).valueAt(1)).toBe(299_999);
});

test("no number is a latency of zero samples", () => {
  expect(filled().valueAt(0.99)).toBe(0);
  expect(filled().max).toBe(0);
});

test("what is no number is refused, where the library would miscount in silence", () => {
  expect(() => filled(Number.NaN)).toThrow(RangeError);
  expect(() => filled(Infinity)).toThrow(RangeError);
});

test("values outside of the range count at its ends", () => {
  const histogram = filled(0, 0.4, latencyMicrosMax + 5);

  expect(histogram.count).toBe(3);
  expect(histogram.overRange).toBe(1);
  expect(histogram.max).toBe(latencyMicrosMax + 5);
  expect(histogram.valueAt(0.5)).toBe(1);
});

test("two histograms together are the histogram of all values", () => {
  const together = filled(1000, 2000);
  together.add(filled(3000, 4000));

  expect(together.count).toBe(4);
  expect(together.max).toBe(4000);
  expect(together.valueAt(0.5)).toBe(filled(1000, 2000, 3000, 4000).valueAt(0.5));
});
