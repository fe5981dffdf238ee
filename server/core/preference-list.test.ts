import { describe, expect, it } from "vitest";
import { preferenceList, preferenceLists, targetsNow } from "./preference-list.ts";
import { ringOf } from "./ring.ts";

describe("preferenceList", () => {
  it("walks clockwise and takes each physical node once", () => {
    const ring = ringOf(["a", "b", "c", "d"], 6, ["a", "b", "a", "c", "b", "d"]);

    expect(preferenceList(ring, 0, 3)).toEqual({ homes: ["a", "b", "c"], fallbacks: ["d"] });
    expect(preferenceList(ring, 4, 3)).toEqual({ homes: ["b", "d", "a"], fallbacks: ["c"] });
  });

  it("ends with members that own nothing", () => {
    const ring = ringOf(["a", "b", "idle"], 2, ["b", "a"]);

    expect(preferenceList(ring, 0, 2)).toEqual({ homes: ["b", "a"], fallbacks: ["idle"] });
  });

  it("has fewer homes than copies where there are fewer nodes", () => {
    const ring = ringOf(["a", "b"], 2, ["a", "b"]);

    expect(preferenceList(ring, 1, 3)).toEqual({ homes: ["b", "a"], fallbacks: [] });
  });

  it("is the same computed one by one or all at once", () => {
    const ring = ringOf(["a", "b", "c"], 4, ["a", "b", "c", "a"]);

    expect(preferenceLists(ring, 2)[3]).toEqual(preferenceList(ring, 3, 2));
  });
});

const without = (...down: string[]) => {
  return (node: string) => !down.includes(node);
};

describe("targetsNow", () => {
  const list = { homes: ["green", "red", "gold"], fallbacks: ["blue", "grey"] };
  it("is the homes while all are healthy", () => {
    expect(targetsNow(list, without(), { sloppy: true })).toEqual([
      { node: "green" },
      { node: "red" },
      { node: "gold" },
    ]);
  });

  it("lets the next fallback stand in for a home that is down, by name", () => {
    expect(targetsNow(list, without("red"), { sloppy: true })).toEqual([
      { node: "green" },
      { node: "gold" },
      { node: "blue", standsInFor: "red" },
    ]);
  });

  it("skips fallbacks that are down, and gives each home a stand-in of its own", () => {
    expect(targetsNow(list, without("green", "gold"), { sloppy: true })).toEqual([
      { node: "red" },
      { node: "blue", standsInFor: "green" },
      { node: "grey", standsInFor: "gold" },
    ]);
    expect(targetsNow(list, without("red", "blue"), { sloppy: true })).toEqual([
      { node: "green" },
      { node: "gold" },
      { node: "grey", standsInFor: "red" },
    ]);
  });

  it("is short when too few are healthy", () => {
    expect(targetsNow(list, without("green", "red", "gold", "blue"), { sloppy: true })).toEqual([
      { node: "grey", standsInFor: "green" },
    ]);
  });

  it("is the healthy homes alone in a strict bucket", () => {
    expect(targetsNow(list, without("red"), { sloppy: false })).toEqual([
      { node: "green" },
      { node: "gold" },
    ]);
  });
});
