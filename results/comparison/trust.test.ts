import { describe, expect, it } from "vitest";
import { keptPairs, parseKeptPairs } from "./kept-pairs.ts";
import type { Measure } from "./measures.ts";
import type { RunPair } from "./paired.ts";
import { trustOf } from "./trust.ts";

const side = (ms: number): readonly Measure[] => [
  { name: "get: p50", kind: "p50", value: ms, isGating: true },
  { name: "get: p99.9", kind: "p99.9", value: 30 * ms, isGating: false },
];

/** Runs of one build, whose two halves differ by up to `noise` times. */
const pool = (noise: number): readonly RunPair[] =>
  Array.from({ length: 24 }, (_, index) => {
    const pace = 1 + (index % 5) / 3;
    return { baseline: side(4 * pace), candidate: side(4 * pace * noise ** (((index * 7) % 11) / 5 - 1)) };
  });

const wish = { pairCount: 10, comparisonCount: 30, factor: 1.2, seed: 1 };

describe("the trust in comparisons", () => {
  it("is full where the halves of pairs are alike", () => {
    expect(trustOf(pool(1.02), wish)).toEqual({
      comparisonCount: 30,
      suspicionCount: 0,
      falseAlarmCount: 0,
      foundCount: 30,
    });
  });

  it("finds no fifth among pairs that differ by far more, and alarms as little", () => {
    const { suspicionCount, falseAlarmCount, foundCount } = trustOf(pool(4), wish);

    expect(suspicionCount).toBeLessThanOrEqual(3);
    expect(falseAlarmCount).toBeLessThanOrEqual(1);
    expect(foundCount).toBeLessThan(15);
  });
});

describe("kept pairs", () => {
  it("are read back as they were written", () => {
    const pairs = [...pool(1.1), { baseline: [], candidate: [] }];

    expect(parseKeptPairs(JSON.stringify(keptPairs(pairs)))).toEqual(pairs);
  });

  it("that are none are refused in one sentence", () => {
    expect(parseKeptPairs("{")).toBe("it is no JSON.");
    expect(parseKeptPairs('{"schema":2,"pairs":[]}')).toMatch(/^schema is wrong/);
    expect(parseKeptPairs('{"schema":1,"pairs":[{"baseline":[]}]}')).toMatch(/^pairs\.0\.candidate is wrong/);
  });
});
