import { expect, it } from "vitest";
import { ringFor, type Strategy } from "../core/strategy.ts";
import { reproduced } from "./figures.ts";
import { movedByRemainder, movedByRing } from "./moved-keys.ts";

const keys = Array.from({ length: 20_000 }, (_, index) => `key ${index}`);
const ringOfSize = (count: number, strategy: Strategy) =>
  ringFor(
    Array.from({ length: count }, (_, seat) => ({ nodeId: `n${seat}`, seat })),
    strategy,
    3,
  );
const movedBy = (strategy: Strategy): number =>
  movedByRing(keys, ringOfSize(10, strategy), ringOfSize(11, strategy));

it("10 to 11 nodes: the remainder moves nine keys of ten, the ring one of eleven", () => {
  const tokens = movedBy({ strategy: 1, tokensPerNode: 64 });
  const even = movedBy({ strategy: 3, partitions: 1024 });
  const remainder = movedByRemainder(keys, 10, 11);

  expect(Math.abs(remainder - 0.905)).toBeLessThanOrEqual(0.02);
  expect(Math.abs(tokens - 0.09)).toBeLessThanOrEqual(0.02);
  expect(Math.abs(even - 1 / 11)).toBeLessThanOrEqual(0.005);
  expect([remainder, tokens, even].map((share) => `${(100 * share).toFixed(1)} %`).join(", ")).toBe(
    reproduced("E9"),
  );
});
