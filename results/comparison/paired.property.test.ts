import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DifferenceVerdict } from "./comparison.ts";
import type { Measure } from "./measures.ts";
import { quietP99 } from "./measures.ts";
import { metricKinds } from "./metric-kind.ts";
import { confirmed, decidePairs, leftOpen, overall, type RunPair, regressedFigures } from "./paired.ts";

const runs = { numRuns: process.env["TIPCART_DEEP"] === "1" ? 100 : 6 };

const measure = (kind: Measure["kind"], value: number | null): Measure => ({
  name: `get: ${kind}`,
  kind,
  value,
  isGating: metricKinds[kind].isGating,
});

const side = (by: number): readonly Measure[] => [measure("p50", 5 * by), measure("quiet p99", 20 * by)];

/** A pair whose machine was `pace` times as slow as usual, and the candidate `factor` times as slow as the baseline. */
const pair = (pace: number, factor: number): RunPair => ({
  baseline: side(pace),
  candidate: side(pace * factor),
});

const ten = (factor: number): readonly RunPair[] =>
  [1, 1.3, 0.9, 2, 1.1, 0.8, 5, 1, 1.2, 0.95].map((pace, index) =>
    pair(pace, factor * (1 + ((index % 3) - 1) / 100)),
  );

/** What is said of exchanged builds where this was said of them before. */
const afterExchange = (verdict: DifferenceVerdict | undefined): readonly DifferenceVerdict[] => {
  switch (verdict) {
    case "improvement":
      return ["regression"];
    case "regression":
      return ["improvement", "inconclusive", "no change"];
    case "no change":
    case "inconclusive":
    case undefined:
      return ["regression", "inconclusive", "no change"];
  }
};

describe("pairs of runs", () => {
  it("show a fifth more, however different the pairs are from each other", () => {
    const { verdict, metrics } = decidePairs(ten(1.2), 1);

    expect(verdict).toBe("regression");
    expect(metrics[0]?.ratio).toBeCloseTo(1.2, 1);
    expect(metrics[0]?.probability).toBeCloseTo(2 / 1024, 10);
    expect(metrics[0]?.pairs).toHaveLength(10);
  });

  it("call equals no change, a fifth less an improvement, and a certain trifle nothing", () => {
    expect(decidePairs(ten(1), 1).verdict).toBe("no change");
    expect(decidePairs(ten(1 / 1.2), 1).verdict).toBe("improvement");
    expect(decidePairs(ten(1.02), 1).verdict).toBe("no change");
  });

  it("show a twelfth more where 5 % matters, and nothing where only 10 % does", () => {
    const [usual, tolerant] = [decidePairs(ten(1.08), 1), decidePairs(ten(1.08), 1, 0.1)];

    expect([usual.verdict, tolerant.verdict]).toEqual(["regression", "no change"]);
    expect(decidePairs(ten(1.3), 1, 0.1).verdict).toBe("regression");
  });

  it("that contradict each other are inconclusive, with what could have been seen", () => {
    const noisy = ten(1).map((_, index) => pair(1, index % 2 === 0 ? 1.5 : 0.7));

    const { verdict, notes, metrics, pairsWanted } = decidePairs(noisy, 1);
    const smallest = metrics[0]?.smallestEffect ?? 0;
    const shifted = (by: number) => noisy.map((_, index) => pair(1, by * (index % 2 === 0 ? 1.5 : 0.7)));

    expect(verdict).toBe("inconclusive");
    expect(notes[0]).toMatch(
      /^get: p50: between 0\.\d\d and 1\.\d\d times .* the smallest slow-down that this noise could have shown is 1\.\d\d×\.$/,
    );
    expect(pairsWanted).toBeGreaterThan(40);
    expect(smallest).toBeGreaterThan(1.3);
    const middle = metrics[0]?.ratio ?? 1;
    expect(regressedFigures(shifted((1.01 * smallest) / middle))).toContain("get: p50");
    expect(regressedFigures(shifted((0.99 * smallest) / middle))).toEqual([]);
  });

  it("that are too few can never be a regression, and say so", () => {
    const { verdict, notes } = decidePairs(ten(1.5).slice(0, 5), 1);

    expect(verdict).toBe("inconclusive");
    expect(notes[0]).toBe(
      "5 pairs are too few for 2 figures: no regression could be believed with fewer than 6.",
    );
  });

  it("without a value on one side are inconclusive", () => {
    const empty: RunPair = { baseline: [measure("p50", 1)], candidate: [measure("p50", null)] };

    expect(
      decidePairs(
        ten(1).map(() => empty),
        1,
      ).verdict,
    ).toBe("inconclusive");
    expect(decidePairs([], 1).verdict).toBe("inconclusive");
  });

  it("turn an improvement into a regression when the builds are exchanged, which needs less by itself", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0.5, max: 2, noNaN: true }),
            fc.double({ min: 0.5, max: 2, noNaN: true }),
          ),
          {
            minLength: 8,
            maxLength: 12,
          },
        ),
        (drawn) => {
          const given = drawn.map(([pace, factor]) => pair(pace, factor));
          const turned = given.map(({ baseline, candidate }) => ({
            baseline: candidate,
            candidate: baseline,
          }));
          const one = decidePairs(given, 1).metrics[0]?.verdict;
          const other = decidePairs(turned, 1).metrics[0]?.verdict;

          expect(afterExchange(one)).toContain(other);
        },
      ),
      runs,
    );
  });

  it("are decided without a figure that no run could measure, and say so", () => {
    const unmeasured = ten(1).map(({ baseline, candidate }) => ({
      baseline: [...baseline, { ...measure("quiet p99", null), name: "put: quiet p99" }],
      candidate: [...candidate, { ...measure("quiet p99", null), name: "put: quiet p99" }],
    }));

    const { verdict, notes, metrics } = decidePairs(unmeasured, 1);

    expect(verdict).toBe("no change");
    expect(notes).toEqual([
      "put: quiet p99: no run had requests enough to measure it, so it decides nothing.",
    ]);
    expect(metrics[2]).toMatchObject({ isDeciding: false, ratio: null });
  });

  it("that are missing leave the whole open, and confirm nothing", () => {
    const bad = decidePairs(ten(1.2), 1);
    const open = leftOpen(bad, "Pairs are missing.");

    expect(open).toMatchObject({ verdict: "inconclusive", notes: ["Pairs are missing."] });
    expect(confirmed(bad, open).verdict).toBe("inconclusive");
  });

  it("need a second set that says the same of the same figure", () => {
    const [bad, good] = [decidePairs(ten(1.2), 1), decidePairs(ten(1), 1)];

    expect(confirmed(bad, bad).verdict).toBe("regression");
    expect(confirmed(bad, good)).toMatchObject({ verdict: "inconclusive" });
    expect(confirmed(bad, good).notes[0]).toMatch(/did not confirm/);
  });

  it("are as bad as their worst figure", () => {
    expect(overall(["no change", "inconclusive", "regression"])).toBe("regression");
    expect(overall(["improvement", "inconclusive"])).toBe("inconclusive");
    expect(overall(["improvement", "no change"])).toBe("improvement");
  });
});

describe("the p99 of quiet windows", () => {
  const calm = Float64Array.from({ length: 2_000 }, (_, index) => 1 + (index % 250) / 250);

  it("does not see a burst, and sees what slows every window", () => {
    const burst = calm.map((ms, index) => (index >= 500 && index < 750 ? ms * 50 : ms));

    expect(quietP99(burst)).toBe(quietP99(calm));
    expect(quietP99(calm.map((ms) => ms * 1.2))).toBeCloseTo(1.2 * (quietP99(calm) ?? 0), 10);
  });

  it("is cut into four smaller windows where the run is short, and into none of fewer than a hundred", () => {
    const short = Float64Array.from({ length: 480 }, (_, index) =>
      index < 120 ? 50 : 1 + (index % 120) / 120,
    );

    expect(quietP99(short)).toBe(1 + 118 / 120);
    expect(quietP99(calm.subarray(0, 399))).toBeNull();
    expect(quietP99(calm.subarray(0, 400))).not.toBeNull();
  });
});
