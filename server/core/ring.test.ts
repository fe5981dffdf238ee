import { describe, expect, it } from "vitest";
import { ringOf } from "./ring.ts";

describe("ringOf", () => {
  it("sorts members and keeps the owners", () => {
    const ring = ringOf(["b", "a"], 4, ["a", "b", "a", "b"]);

    expect(ring.members).toEqual(["a", "b"]);
    expect(ring.owners).toEqual(["a", "b", "a", "b"]);
  });

  it("has one hash for one member set, in whatever order it is given", () => {
    const owners = ["a", "b", "c", "a"];

    expect(ringOf(["c", "a", "b"], 4, owners).hash).toBe(ringOf(["a", "b", "c"], 4, owners).hash);
  });

  it("has another hash when a member or an owner differs", () => {
    const ring = ringOf(["a", "b"], 2, ["a", "b"]);

    expect(ringOf(["a", "b"], 2, ["b", "a"]).hash).not.toBe(ring.hash);
    expect(ringOf(["a", "b", "c"], 2, ["a", "b"]).hash).not.toBe(ring.hash);
    expect(ring.hash).toMatch(/^[0-9a-f]{16}$/);
  });

  it("refuses owners that are no members, and a wrong number of owners", () => {
    expect(() => ringOf(["a"], 2, ["a", "x"])).toThrow("the owner x is no member of the ring");
    expect(() => ringOf(["a"], 2, ["a"])).toThrow("1 owners for 2 partitions");
  });
});
