import { describe, expect, it } from "vitest";
import { compare, raise, vectorOf } from "./version-vector.ts";

const vector = (counters: Record<string, number>) => vectorOf(Object.entries(counters));

describe("vectorOf", () => {
  it("sorts by actor and leaves zeros out, since a missing entry is 0", () => {
    expect([...vector({ z: 1, x: 2, y: 0 })]).toEqual([
      ["x", 2],
      ["z", 1],
    ]);
  });

  it("takes any text for an actor", () => {
    expect(vectorOf([["__proto__", 3]]).get("__proto__")).toBe(3);
  });
});

describe("compare", () => {
  it("finds the ancestor when all its counters are at most the other's", () => {
    expect(compare(vector({ x: 2 }), vector({ x: 2, y: 1 }))).toBe("before");
    expect(compare(vector({ x: 3, y: 1 }), vector({ x: 2 }))).toBe("after");
  });

  it("counts a missing entry as 0, not as equal", () => {
    expect(compare(vector({ y: 1 }), vector({ z: 1 }))).toBe("concurrent");
    expect(compare(vector({}), vector({ z: 1 }))).toBe("before");
  });

  it("tells branches apart", () => {
    expect(compare(vector({ x: 2, y: 1 }), vector({ x: 2, z: 1 }))).toBe("concurrent");
    expect(compare(vector({ x: 2, y: 1 }), vector({ y: 1, x: 2 }))).toBe("equal");
  });
});

describe("raise", () => {
  it("never lowers an entry", () => {
    expect(raise(vector({ x: 5 }), "x", 3)).toEqual(vector({ x: 5 }));
    expect(raise(vector({ x: 5 }), "x", 7)).toEqual(vector({ x: 7 }));
  });
});
