import { describe, expect, it } from "vitest";
import { ringFor } from "../core/strategy.ts";
import { chanceOf } from "./chance.ts";
import { reproduced } from "./figures.ts";
import { mean } from "./load-efficiency.ts";
import { imbalance, requestsByNode } from "./load-imbalance.ts";

const members = Array.from({ length: 9 }, (_, seat) => ({ nodeId: `n${seat}`, seat }));
const ring = ringFor(members, { strategy: 3, partitions: 1024 }, 3);
const windows = Array.from({ length: 48 }, (_, index) => index + 1);
const peakRequests = 6000;

const at = (share: number): readonly number[] =>
  windows.map((seed) => {
    const traffic = { keyCount: 10_000, skew: 0.8, requestCount: peakRequests * share };
    return imbalance(requestsByNode(ring, traffic, { copies: 3, chance: chanceOf(seed) }), 0.15);
  });
const low = at(1 / 8);
const high = at(1);

const fullest = (skew: number, copies: number): number => {
  const traffic = { keyCount: 10_000, skew, requestCount: 9000 };
  return Math.max(...requestsByNode(ring, traffic, { copies, chance: chanceOf(1) })) / 1000;
};

describe("Figure 6", () => {
  it("has more nodes out of balance at an eighth of the load than at its peak", () => {
    expect(mean(low)).toBeGreaterThan(mean(high));
    expect(mean(low)).toBeGreaterThan(0.1);
    expect(mean(high)).toBeLessThan(0.2);
  });

  it("moves in ninths, as nine nodes must", () => {
    expect([...low, ...high].filter((share) => !Number.isInteger(Math.round(share * 9e9) / 1e9))).toEqual([]);
  });

  it("comes out as the README says", () => {
    expect(`${(100 * mean(low)).toFixed(0)} %, ${(100 * mean(high)).toFixed(0)} %`).toBe(reproduced("E2"));
  });
});

describe("a hot key", () => {
  it("unbalances the more the hotter it is", () => {
    const sweep = [0, 0.8, 1.2, 2, 20].map((skew) => fullest(skew, 3));

    expect(sweep).toEqual(sweep.toSorted((a, b) => a - b));
    expect(sweep[0]).toBeLessThan(1.1);
  });

  it("is spread over its N nodes and no further: a third of everything instead of all", () => {
    expect(fullest(20, 1)).toBeCloseTo(9, 1);
    expect(fullest(20, 3)).toBeGreaterThan(9 / 3 - 0.01);
    expect(fullest(20, 3)).toBeLessThan(9 / 3 + 0.2);
  });
});
