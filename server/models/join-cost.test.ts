import { expect, it } from "vitest";
import { ringFor, type Strategy } from "../core/strategy.ts";
import { reproduced } from "./figures.ts";
import { type JoinCost, joinCost } from "./join-cost.ts";

const keys = Array.from({ length: 20_000 }, (_, index) => `key ${index}`);
const ringOfSize = (count: number, strategy: Strategy) =>
  ringFor(
    Array.from({ length: count }, (_, seat) => ({ nodeId: `n${seat}`, seat })),
    strategy,
    3,
  );
const costOf = (strategy: Strategy): JoinCost =>
  joinCost(keys, ringOfSize(10, strategy), ringOfSize(11, strategy));

it("10 to 11 nodes: strategy 1 reads more than it sends and spoils trees and archives, strategy 3 does neither", () => {
  const tokens = costOf({ strategy: 1, tokensPerNode: 16 });
  const even = costOf({ strategy: 3, partitions: 256 });

  for (const { movedCount } of [tokens, even]) expect(movedCount / (3 * keys.length)).toBeCloseTo(1 / 11, 1);
  // Two of sixteen tokens may fall into one range.
  expect(tokens.spoiledArchiveCount).toBeGreaterThan(10);
  expect(tokens.scannedByRange).toBeGreaterThan(1.2 * tokens.movedCount);
  expect(even).toMatchObject({
    scannedByRange: even.movedCount,
    spoiledTreeCount: 0,
    spoiledArchiveCount: 0,
  });
  expect(`strategy 1: ${shown(tokens)}; strategy 3: ${shown(even)}`).toBe(reproduced("C7"));
});

function shown(cost: JoinCost): string {
  const byRange = (cost.scannedByRange / cost.movedCount).toFixed(2);
  return `${byRange} keys read for one sent, ${cost.spoiledTreeCount} of ${cost.treeCount} trees and ${cost.spoiledArchiveCount} archives spoiled`;
}

it("a store that knows nothing of ranges is read from end to end by all who give, for one key of twelve", () => {
  const { scannedWhole, movedCount } = costOf({ strategy: 1, tokensPerNode: 16 });

  expect(scannedWhole / movedCount).toBeCloseTo(11.9, 1);
});
