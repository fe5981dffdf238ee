import { describe, expect, it } from "vitest";
import { afterTrial, nextRate, rateSearch } from "./rate-search.ts";

/** The rates that are tried at a store that holds up to `limit`, and what is found. */
const searched = (start: number, limit: number, max = 20_000) => {
  let search = rateSearch(start, max);
  const tried: number[] = [];
  for (let rate = nextRate(search); rate !== undefined && tried.length < 50; rate = nextRate(search)) {
    tried.push(rate);
    search = afterTrial(search, rate, rate <= limit);
  }
  return { tried, found: search.passed };
};

describe("the search for the highest rate", () => {
  it("doubles until one fails, then halves what is left", () => {
    const { tried, found } = searched(500, 3_000);

    expect(tried.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(found).toBeGreaterThan(3_000 / 1.05);
    expect(found).toBeLessThanOrEqual(3_000);
  });

  it("goes down when the first one fails, and gives up at the least", () => {
    expect(searched(500, 60).found).toBeGreaterThan(55);
    expect(searched(500, 0)).toEqual({ tried: [500, 125, 31, 10], found: 0 });
  });

  it("stops at the greatest that is allowed", () => {
    expect(searched(500, 1e9, 3_000)).toEqual({ tried: [500, 1_000, 2_000, 3_000], found: 3_000 });
  });

  it("is over within a few trials, whatever the limit", () => {
    for (let limit = 10; limit < 20_000; limit = Math.ceil(limit * 1.3))
      expect(searched(500, limit).tried.length).toBeLessThan(16);
  });
});
