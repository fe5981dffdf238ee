import { expect, test } from "vitest";
import { historyIn } from "../history/notated.fixture.ts";
import { seriesOf } from "./series.ts";

const seriesIn = (text: string, kind?: "get" | "put") => seriesOf(historyIn(text), kind);

test("a request belongs to the second in which it was intended, and seconds without any are there", () => {
  const series = seriesIn("p1 get a @900/2100..2200 -> none\np2 put a 2.1 [] @3500..3501 -> info timeout");

  expect(series.map(({ intended, ok, unknown }) => [intended, ok, unknown])).toEqual([
    [1, 1, 0],
    [0, 0, 0],
    [0, 0, 0],
    [1, 0, 1],
  ]);
  expect(series[0]?.maxMs).toBe(1300);
});

test("a percentile with too few requests behind it is a gap", () => {
  const [second] = seriesIn("400x/2 p1 get a @0..1 -> none");

  expect(second?.p50Ms).toBe(1);
  expect(second?.p99Ms).toBe(1);
  expect(second?.p999Ms).toBeNull();
});

test("a series of one kind leaves the others out", () => {
  const series = seriesIn("p1 get a @0..1 -> none\np2 put a 2.1 [] @0..1 -> ok", "put");

  expect(series.map(({ intended }) => intended)).toEqual([1]);
});
