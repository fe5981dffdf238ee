import { describe, expect, it } from "vitest";
import { percentileBands } from "./percentile-band.ts";
import type { LatencyPair } from "./spread.ts";

/** A thousand latencies from 1 to 10 ms, each `by` times as long. */
const run = (by: number): Float64Array =>
  Float64Array.from({ length: 1_000 }, (_, index) => by * (1 + (9 * ((index * 389) % 1_000)) / 1_000));

const none = new Float64Array(0);

/** Pairs whose machine is up to twice as slow in one as in another, and whose halves differ by 1 % of chance. */
const pairs = (count: number, factor: number): readonly LatencyPair[] =>
  Array.from({ length: count }, (_, at) => {
    const pace = 1 + at / count;
    return {
      baseline: { get: run(pace), put: none },
      candidate: { get: run(pace * factor * (1 + ((at % 3) - 1) / 100)), put: none },
    };
  });

describe("the band of a comparison", () => {
  it("holds the baseline's line when the builds are alike, however far the pairs lie apart", () => {
    const [get, ...others] = percentileBands(pairs(10, 1), 1);

    expect(others).toEqual([]);
    expect(get).toMatchObject({ operation: "get", pairCount: 10 });
    for (const { baselineMs, lowMs, highMs } of get?.points ?? []) {
      expect(lowMs).toBeLessThanOrEqual(baselineMs);
      expect(highMs).toBeGreaterThanOrEqual(baselineMs);
      expect(highMs / lowMs).toBeLessThan(1.03);
    }
  });

  it("leaves the baseline's line everywhere when the candidate is a tenth slower", () => {
    const [get] = percentileBands(pairs(10, 1.1), 1);

    for (const { baselineMs, candidateMs, lowMs } of get?.points ?? []) {
      expect(lowMs).toBeGreaterThan(1.05 * baselineMs);
      expect(candidateMs / baselineMs).toBeCloseTo(1.1, 1);
    }
  });

  it("ends where a run has no three requests beyond the percentile", () => {
    const [get] = percentileBands(pairs(10, 1), 1);
    const last = get?.points.at(-1)?.quantile ?? 0;

    expect((1 - last) * 1_000).toBeGreaterThanOrEqual(3);
    expect(last).toBeGreaterThan(0.99);
  });

  it("is none of four pairs, and none where a run lacks an operation", () => {
    const [first, ...rest] = pairs(10, 1);
    const lacking = first === undefined ? rest : [{ ...first, candidate: { get: none, put: none } }, ...rest];

    expect(percentileBands(pairs(4, 1), 1)).toEqual([]);
    expect(percentileBands(lacking, 1)).toEqual([]);
  });
});
