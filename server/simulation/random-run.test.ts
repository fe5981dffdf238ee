import { describe, expect, test } from "vitest";
import { longShape, randomRun } from "./random-run.ts";

/** TIPCART_SEED=7 runs that seed alone; TIPCART_DEEP=1 runs twenty times as many. */
const seeds =
  process.env["TIPCART_SEED"] === undefined
    ? Array.from({ length: process.env["TIPCART_DEEP"] === undefined ? 60 : 1200 }, (_, index) => index + 1)
    : [Number(process.env["TIPCART_SEED"])];

const replayOf = (seed: number) =>
  `TIPCART_SEED=${seed} npx vitest run --config .config/vitest.ts server/simulation/random-run`;

describe("whatever breaks, after the heal no acknowledged write is lost and all replicas agree", () => {
  test.each(seeds)("seed %i", async (seed) => {
    const report = await randomRun(seed).catch((cause: unknown) => {
      throw new Error(replayOf(seed), { cause });
    });

    expect({ replay: replayOf(seed), faults: report.faults }).toEqual({ replay: replayOf(seed), faults: [] });
    // Fewer would prove nothing.
    expect(report.acknowledgedCount).toBeGreaterThan(20);
  });
});

describe("runs of a minute that once failed", () => {
  test("messages that are still being lost do not keep the nodes from settling", async () => {
    const report = await randomRun(103_069, longShape);

    expect(report.faults).toEqual([]);
  }, 120_000);
});
