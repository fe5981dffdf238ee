import { describe, expect, it } from "vitest";
import { HedgeBudget } from "./hedge-budget.ts";

const spent = (budget: HedgeBudget, wanted: number): number =>
  Array.from({ length: wanted }, () => budget.spend()).filter(Boolean).length;

describe("a hedge budget", () => {
  it("begins with its reserve and then gives nothing", () => {
    expect(spent(new HedgeBudget({ share: 0.5, reserve: 3 }), 10)).toBe(3);
  });

  it("earns its share of the first requests", () => {
    const budget = new HedgeBudget({ share: 0.5, reserve: 10 });
    spent(budget, 10);

    for (let first = 0; first < 8; first++) budget.earn();

    expect(spent(budget, 10)).toBe(4);
  });

  it("saves up no more than its reserve", () => {
    const budget = new HedgeBudget({ share: 1, reserve: 5 });

    for (let first = 0; first < 100; first++) budget.earn();

    expect(spent(budget, 100)).toBe(5);
  });
});
