import { describe, expect, it } from "vitest";
import { ringFor } from "../core/strategy.ts";
import { chanceOf } from "./chance.ts";
import { reproduced } from "./figures.ts";
import {
  evenEfficiency,
  mean,
  primaryEfficiency,
  tokenPlacedEfficiency,
  tokenRangeEfficiency,
} from "./load-efficiency.ts";

const cluster = { nodeCount: 30, copies: 3 };
const seeds = Array.from(
  { length: process.env["TIPCART_DEEP"] === undefined ? 10 : 100 },
  (_, index) => index + 1,
);
/** Tokens or partitions of the whole cluster: 60 to 30,720. */
const sizes = Array.from({ length: 10 }, (_, doubling) => 60 * 2 ** doubling);
const averaged = (efficiencyAt: (size: number, seed: number) => number): readonly number[] =>
  sizes.map((size) => mean(seeds.map((seed) => efficiencyAt(size, seed))));
const shown = (numbers: readonly number[]): string =>
  numbers.map((number) => number.toFixed(2).replace("0.", ".")).join(" ");

const one = averaged((size, seed) => tokenRangeEfficiency(cluster, size / 30, seed));
const two = averaged((size, seed) => tokenPlacedEfficiency(cluster, size / 30, { count: 1024, seed }));
const three = averaged((size, seed) => evenEfficiency(cluster, size, chanceOf(seed)));

/** By eye from Figure 8. */
const figure = {
  one: [0.52, 0.61, 0.69, 0.76, 0.82, 0.87, 0.91, 0.93, 0.95, 0.96],
  two: [0.53, 0.61, 0.7, 0.76, 0.82, 0.85, 0.88, 0.87, 0.85, 0.84],
  three: [0.86, 0.87, 0.9, 0.92, 0.94, 0.96, 0.97, 0.98, 0.98, 0.99],
};

describe("Figure 8", () => {
  it.each([
    ["strategy 1", one, figure.one],
    ["strategy 2 with 1,024 partitions", two, figure.two],
    ["strategy 3", three, figure.three],
  ])(
    "is met at every point by %s, within .03, at the two smallest sizes within .07",
    (_name, model, printed) => {
      const beyond = model.filter((value, index) => {
        return Math.abs(value - (printed[index] ?? 0)) > (index < 2 ? 0.07 : 0.03);
      });

      expect(beyond).toEqual([]);
    },
  );

  it("has strategy 3 above 1, and 1 above 2 from 960 on", () => {
    expect(one.every((value, index) => (three[index] ?? 0) > value)).toBe(true);
    expect(one.slice(5).every((value, index) => value >= (two[index + 5] ?? 1))).toBe(true);
  });

  it("has strategy 2 fall again behind its peak", () => {
    const peak = two.indexOf(Math.max(...two));

    expect(sizes[peak]).toBeGreaterThanOrEqual(1920);
    expect(sizes[peak]).toBeLessThanOrEqual(7680);
    expect(two.at(-1)).toBeLessThan(Math.max(...two) - 0.01);
  });

  it.skipIf(process.env["TIPCART_DEEP"] !== undefined)("comes out as the README says", () => {
    expect(`1: ${shown(one)} · 2: ${shown(two)} · 3: ${shown(three)}`).toBe(reproduced("E1"));
  });

  it("is bettered by the server's own plan, whose copies are as even as its partitions", () => {
    const members = Array.from({ length: 30 }, (_, seat) => ({ nodeId: `n${seat}`, seat }));
    const ring = ringFor(members, { strategy: 3, partitions: 960 }, 3);

    const loads = members.map(
      ({ nodeId }) => ring.orders.filter((order) => order.slice(0, 3).includes(nodeId)).length,
    );

    expect(mean(loads) / Math.max(...loads)).toBe(1);
  });
});

describe("one token a node", () => {
  it("leaves the fullest node with more than twice the mean", () => {
    const copies = mean(seeds.map((seed) => tokenRangeEfficiency(cluster, 1, seed)));
    const primaries = mean(seeds.map((seed) => primaryEfficiency(30, seed)));

    expect(copies).toBeGreaterThan(0.38);
    expect(copies).toBeLessThan(0.53);
    expect(primaries).toBeLessThan(0.33);
  });
});
