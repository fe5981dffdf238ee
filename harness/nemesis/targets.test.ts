import { describe, expect, it } from "vitest";
import { type Target, targetCount, targetNodes } from "./targets.ts";

const targets: readonly Target[] = ["one", "minority", "majority", "all"];

describe("a target", () => {
  it("hits so many of five nodes", () => {
    expect(targets.map((target) => targetCount(target, 5))).toEqual([1, 2, 3, 5]);
  });

  it("hits so many of four nodes: half of them is not a majority", () => {
    expect(targets.map((target) => targetCount(target, 4))).toEqual([1, 1, 3, 4]);
  });

  it("hits somebody in the smallest clusters and nobody in an empty one", () => {
    expect(targets.map((target) => targetCount(target, 1))).toEqual([1, 1, 1, 1]);
    expect(targets.map((target) => targetCount(target, 0))).toEqual([0, 0, 0, 0]);
  });

  it("takes from the front, so that a smaller one hits a subset", () => {
    const order = ["n3", "n1", "n2"];

    expect(targetNodes("one", order)).toEqual(["n3"]);
    expect(targetNodes("majority", order)).toEqual(["n3", "n1"]);
  });
});
