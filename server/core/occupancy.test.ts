import { describe, expect, it } from "vitest";
import { handoversNeeded, occupancyOf } from "./occupancy.ts";

const list = { homes: ["a", "b", "x"], fallbacks: ["c", "d"] };
const heldBy = (...nodes: readonly string[]) => new Map([["o", nodes]]);

describe("a tree at rest", () => {
  it("is written to and read from its homes, as one group", () => {
    const { writing, reading, lacking, outgoing } = occupancyOf(list, 3, heldBy("a", "b", "x"));

    expect(writing).toEqual({ ...list, groups: [{ nodes: ["a", "b", "x"], extra: 0 }] });
    expect(reading).toBe(writing);
    expect({ lacking, outgoing }).toEqual({ lacking: [], outgoing: [] });
  });
});

describe("a tree that moves", () => {
  it("is written to holders and homes, a quorum of each, and read from the holders", () => {
    const { writing, reading, lacking, outgoing } = occupancyOf(list, 3, heldBy("a", "b", "c"));

    expect(writing.homes).toEqual(["a", "b", "c", "x"]);
    expect(writing.fallbacks).toEqual(["d"]);
    expect(writing.groups).toEqual([
      { nodes: ["a", "b", "c"], extra: 0 },
      { nodes: ["a", "b", "x"], extra: 0 },
    ]);
    expect(reading.homes).toEqual(["a", "b", "c"]);
    expect(reading.groups).toEqual([{ nodes: ["a", "b", "c"], extra: 0 }]);
    expect({ lacking, outgoing }).toEqual({ lacking: ["x"], outgoing: ["c"] });
  });

  it("is read from its homes when all of them hold it, and still written to who has not let go", () => {
    const { writing, reading } = occupancyOf(list, 3, heldBy("a", "b", "c", "x"));

    expect(reading.homes).toEqual(["a", "b", "x"]);
    expect(writing.homes).toEqual(["a", "b", "x", "c"]);
    expect(writing.groups[0]).toEqual({ nodes: ["a", "b", "c", "x"], extra: 1 });
  });

  it("asks one more reply of four holders while another home lacks it", () => {
    const three = { homes: ["x", "y", "z"], fallbacks: ["a", "b", "c"] };

    const { reading } = occupancyOf(three, 3, heldBy("a", "b", "c", "x"));

    expect(reading.homes).toEqual(["x", "a", "b", "c"]);
    expect(reading.groups).toEqual([{ nodes: ["a", "b", "c", "x"], extra: 1 }]);
  });

  it("needs a quorum of each half where two clusters have united", () => {
    const halves = new Map([
      ["o", ["a", "b", "c"]],
      ["p", ["d", "e", "x"]],
    ]);

    const { reading, lacking } = occupancyOf(list, 3, halves);

    expect(lacking).toEqual(["a", "b", "x"]);
    expect(reading.groups.map(({ nodes }) => nodes)).toEqual([
      ["a", "b", "c"],
      ["d", "e", "x"],
    ]);
  });

  it("is its homes' alone when nobody is left who held it", () => {
    const { writing, reading } = occupancyOf(list, 3, heldBy());

    expect(writing.groups).toEqual([{ nodes: ["a", "b", "x"], extra: 0 }]);
    expect(reading.homes).toEqual(["a", "b", "x"]);
  });
});

describe("handovers before a new home may be read from", () => {
  it.each([
    // Two of three hand over: at least one of them has any write that two acknowledged.
    { holders: 3, copies: 3, w: 2, needed: 2 },
    { holders: 3, copies: 3, w: 1, needed: 3 },
    { holders: 3, copies: 3, w: 3, needed: 1 },
    { holders: 4, copies: 3, w: 2, needed: 3 },
    // One holder is gone for good and may have had the write.
    { holders: 2, copies: 3, w: 2, needed: 2 },
    { holders: 0, copies: 3, w: 2, needed: 0 },
  ])("$holders holders of $copies copies at w = $w: $needed", ({ needed, ...given }) => {
    expect(handoversNeeded(given)).toBe(needed);
  });
});
