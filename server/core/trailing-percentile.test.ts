import { expect, test } from "vitest";
import { TrailingPercentile } from "./trailing-percentile.ts";

test("tells a percentile to a fifth", () => {
  const trailing = new TrailingPercentile();
  for (let value = 1; value <= 1000; value += 1) trailing.observe(value, 0);

  const [p50 = 0, p99 = 0] = [trailing.at(0.5, 0), trailing.at(0.99, 0)];

  expect(p50).toBeGreaterThanOrEqual(500);
  expect(p50).toBeLessThanOrEqual(600);
  expect(p99).toBeGreaterThanOrEqual(990);
  expect(p99).toBeLessThanOrEqual(1188);
});

test("forgets what is older than a minute", () => {
  const trailing = new TrailingPercentile();
  for (let turn = 0; turn < 100; turn += 1) trailing.observe(100, 0);
  for (let turn = 0; turn < 100; turn += 1) trailing.observe(1, 30_000);

  expect(trailing.at(0.99, 59_000)).toBeGreaterThanOrEqual(100);
  expect(trailing.at(0.99, 65_000)).toBeLessThan(1.21);
  expect(trailing.at(0.99, 100_000)).toBeUndefined();
});

test("says nothing of a few", () => {
  const trailing = new TrailingPercentile();
  for (let turn = 0; turn < 19; turn += 1) trailing.observe(100, 0);

  const ofNineteen = trailing.at(0.99, 0);
  trailing.observe(100, 0);

  expect(ofNineteen).toBeUndefined();
  expect(trailing.at(0.99, 0)).toBeGreaterThanOrEqual(100);
});

test("takes what is beyond its largest bound for that", () => {
  const trailing = new TrailingPercentile();
  for (let turn = 0; turn < 20; turn += 1) trailing.observe(1e9, 0);

  expect(trailing.at(0.5, 0)).toBeGreaterThan(1000);
});
