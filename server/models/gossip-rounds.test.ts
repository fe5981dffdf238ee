import { describe, expect, it } from "vitest";
import { chanceOf } from "./chance.ts";
import { reproduced } from "./figures.ts";
import { roundsToAll, tableBytesPerRound } from "./gossip-rounds.ts";

const p95 = (nodeCount: number): number => {
  const rounds = Array.from({ length: 400 }, (_, seed) => roundsToAll(nodeCount, chanceOf(seed + 1)));
  return rounds.toSorted((a, b) => a - b)[379] ?? Number.POSITIVE_INFINITY;
};

const kilobytes = (nodeCount: number, tokensPerNode: number) =>
  (tableBytesPerRound(nodeCount, { recordBytes: 100, tokensPerNode }) / 1000).toFixed(0);

describe("gossip", () => {
  it.each([5, 8, 13, 20, 30])("tells %i nodes within 2 log2 S + 3 rounds, 19 times of 20", (nodeCount) => {
    expect(p95(nodeCount)).toBeLessThanOrEqual(2 * Math.log2(nodeCount) + 3);
  });

  it("grows with the logarithm, not with the number: a thousand nodes take no three times as long as thirty", () => {
    expect(p95(1000)).toBeLessThan(3 * p95(30));
  });

  it("comes out as the README says", () => {
    expect([5, 10, 20, 30].map(p95).join(" ")).toBe(reproduced("E13"));
  });

  it("costs tables that grow with nodes and, in strategy 1, with tokens", () => {
    const shown = [30, 200].map(
      (count) => `S = ${count}: ${kilobytes(count, 128)} and ${kilobytes(count, 0)} kB/s`,
    );

    expect(shown.join("; ")).toBe(reproduced("C13"));
  });
});
