import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bootstrapInterval } from "./bootstrap.ts";
import { changePoints, changeRules } from "./change-points.ts";
import { holmAdjusted } from "./holm.ts";
import { medianShift, rankSumProbability } from "./rank-sum.ts";
import { hodgesLehmann, medianOf, signedRankProbability } from "./signed-rank.ts";
import { smallestShift } from "./smallest-shift.ts";

const runs = { numRuns: process.env["TIPCART_DEEP"] === "1" ? 1_000 : 60 };
const whole = fc.integer({ min: -20, max: 20 });

/** Every subset of the places, as masks. */
const masks = (length: number): readonly number[] => Array.from({ length: 2 ** length }, (_, mask) => mask);
const has = (mask: number, place: number): boolean => ((mask >> place) & 1) === 1;

describe("the signed-rank probability", () => {
  it("is that of the tables: 1/32 for five pairs, 0.0244 for a sum of 8 against ten", () => {
    expect(signedRankProbability([1, 2, 3, 4, 5])).toBe(1 / 32);
    expect(signedRankProbability([-1, 2, -3, -4, 5, 6, 7, 8, 9, 10])).toBe(25 / 1024);
    expect(signedRankProbability([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBe(1 / 1024);
  });

  it("is what counting every sign pattern gives, ties or not", () => {
    fc.assert(
      fc.property(fc.array(whole, { maxLength: 9 }), (differences) => {
        const sizes = differences.filter((one) => one !== 0).map(Math.abs);
        const rank = (size: number): number =>
          sizes.filter((one) => one < size).length + (sizes.filter((one) => one === size).length + 1) / 2;
        const sum = (isUp: (place: number) => boolean): number =>
          sizes.reduce((total, size, place) => (isUp(place) ? total + rank(size) : total), 0);
        const signs = differences.filter((one) => one !== 0);
        const observed = sum((place) => (signs[place] ?? 0) > 0);
        const asFar = masks(sizes.length).filter((mask) => sum((place) => has(mask, place)) >= observed);

        expect(signedRankProbability(differences)).toBeCloseTo(asFar.length / 2 ** sizes.length, 10);
      }),
      runs,
    );
  });

  it("goes with a shift that lies among the differences and turns with their sign", () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 12 }), (differences) => {
        const shift = hodgesLehmann(differences);

        expect(shift).toBeGreaterThanOrEqual(Math.min(...differences));
        expect(shift).toBeLessThanOrEqual(Math.max(...differences));
        expect(hodgesLehmann(differences.map((one) => -one))).toBeCloseTo(-shift, 10);
      }),
      runs,
    );
  });
});

describe("the smallest shift that could be found", () => {
  it("is where the signed-rank probability crosses what is asked for", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 12 }),
        (differences) => {
          const shift = smallestShift(differences, 0.01);
          const middle = hodgesLehmann(differences);
          const chanceAt = (by: number): number =>
            signedRankProbability(differences.map((one) => one - middle + by));

          expect(chanceAt(shift + 1e-5)).toBeLessThan(0.01);
          expect(chanceAt(shift - 1e-5)).toBeGreaterThanOrEqual(0.01);
        },
      ),
      runs,
    );
  });

  it("is none where even differences that all agree would be too few", () => {
    expect(smallestShift([1, 2, 3, 4, 5, 6], 0.01)).toBe(Number.POSITIVE_INFINITY);
    expect(smallestShift([1, 2, 3, 4, 5, 6, 7], 0.01)).toBeLessThan(7);
  });
});

describe("the rank-sum probability", () => {
  it("is that of the tables: 1/20 for three wholly above three", () => {
    expect(rankSumProbability([1, 2, 3], [4, 5, 6])).toBe(1 / 20);
    expect(rankSumProbability([4, 5, 6], [1, 2, 3])).toBe(1);
    expect(rankSumProbability([], [1])).toBe(1);
  });

  it("is what counting every division gives, ties or not", () => {
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 1, maxLength: 4 }),
        fc.array(whole, { minLength: 1, maxLength: 4 }),
        (lower, upper) => {
          const all = [...lower, ...upper];
          const wins = (isUpper: (place: number) => boolean): number =>
            all
              .flatMap((one, place) =>
                all.map((other, rival) =>
                  !isUpper(place) || isUpper(rival) ? 0 : one > other ? 1 : one === other ? 0.5 : 0,
                ),
              )
              .reduce<number>((sum, win) => sum + win, 0);
          const observed = wins((place) => place >= lower.length);
          const divisions = masks(all.length).filter(
            (mask) => all.filter((_, place) => has(mask, place)).length === upper.length,
          );
          const asFar = divisions.filter((mask) => wins((place) => has(mask, place)) >= observed);

          expect(rankSumProbability(lower, upper)).toBeCloseTo(asFar.length / divisions.length, 10);
        },
      ),
      runs,
    );
  });

  it("goes with a shift that turns when the sides are exchanged", () => {
    fc.assert(
      fc.property(
        fc.array(whole, { minLength: 1, maxLength: 8 }),
        fc.array(whole, { minLength: 1, maxLength: 8 }),
        (lower, upper) => {
          expect(medianShift(lower, upper)).toBeCloseTo(-medianShift(upper, lower), 10);
        },
      ),
      runs,
    );
  });
});

describe("Holm's correction", () => {
  it("multiplies the smallest most: a worked example", () => {
    const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005]);

    for (const [place, value] of [0.03, 0.06, 0.06, 0.02].entries())
      expect(adjusted[place]).toBeCloseTo(value, 10);
  });

  it("never makes anything likelier to be believed, keeps the order, and stays below Bonferroni", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 10 }), (given) => {
        const adjusted = holmAdjusted(given);

        for (const [place, value] of adjusted.entries()) {
          const own = given[place] ?? 0;
          expect(value).toBeGreaterThanOrEqual(own);
          expect(value).toBeLessThanOrEqual(Math.min(1, own * given.length) + 1e-12);
          const above = adjusted.filter((_, rival) => own < (given[rival] ?? 0));
          expect(value).toBeLessThanOrEqual(Math.min(1, ...above));
        }
      }),
      runs,
    );
  });
});

describe("the bootstrap", () => {
  it("holds the value of a sample that does not vary, and the same seed gives the same interval", () => {
    const sample = [3, 1, 4, 1, 5, 9, 2, 6];
    const median = ([draw]: readonly Int32Array[]): number =>
      medianOf([...(draw ?? [])].map((i) => sample[i] ?? 0));

    expect(bootstrapInterval([5], () => 7, { seed: 1 })).toEqual({ low: 7, high: 7 });
    expect(bootstrapInterval([8], median, { seed: 2 })).toEqual(bootstrapInterval([8], median, { seed: 2 }));
    expect(bootstrapInterval([8], median, { seed: 2 })).toEqual({ low: 1.5, high: 5.5 });
  });
});

const nights = (length: number, level: number, seed: number): readonly number[] =>
  Array.from({ length }, (_, night) => level * (1 + 0.04 * Math.sin(seed + night * night)));

describe("change points", () => {
  it("finds the first night of a new level, and how far it is", () => {
    const [point, ...others] = changePoints([...nights(15, 100, 1), ...nights(10, 130, 2)]);

    expect(others).toEqual([]);
    expect(point?.index).toBe(15);
    expect(point?.ratio).toBeCloseTo(1.3, 1);
    expect(point?.probability).toBeLessThan(0.01);
  });

  it("finds two steps, one after the other", () => {
    const points = changePoints([...nights(10, 100, 1), ...nights(10, 150, 2), ...nights(10, 220, 3)]);

    expect(points.map(({ index }) => index)).toEqual([10, 20]);
  });

  it("says nothing of one odd night, of a change too small to matter, and of what is older than its window", () => {
    const steady = nights(20, 100, 1);

    expect(changePoints(steady.with(10, 200))).toEqual([]);
    expect(changePoints([...nights(15, 100, 1), ...nights(15, 102, 1)])).toEqual([]);
    expect(changePoints([...nights(15, 50, 1), ...nights(changeRules.window, 100, 1)])).toEqual([]);
  });

  it("says the same whatever the unit", () => {
    const series = [...nights(12, 100, 1), ...nights(8, 140, 2)];
    const other = changePoints(series.map((value) => value * 1_024));

    expect(other.map(({ index }) => index)).toEqual(changePoints(series).map(({ index }) => index));
  });
});
