import { describe, expect, it } from "vitest";
import { streamOf } from "./stream.ts";

const draw = (seed: number, name: string): number[] => {
  const stream = streamOf(seed, name);
  return Array.from({ length: 5 }, () => stream.integer(0, 999));
};

describe("a stream", () => {
  it("gives the same numbers for the same seed and name, now and in later versions", () => {
    expect(draw(1, "arrivals")).toEqual(draw(1, "arrivals"));
    expect(draw(1, "arrivals")).toEqual([407, 586, 480, 854, 457]);
  });

  it("gives other numbers for another name or another seed", () => {
    expect(draw(1, "keys")).not.toEqual(draw(1, "arrivals"));
    expect(draw(2, "arrivals")).not.toEqual(draw(1, "arrivals"));
    expect(draw(1, "1/a")).not.toEqual(draw(11, "/a"));
  });

  it("draws integers with both ends included", () => {
    const stream = streamOf(7, "ends");

    const drawn = new Set(Array.from({ length: 200 }, () => stream.integer(3, 5)));

    expect([...drawn].toSorted()).toEqual([3, 4, 5]);
  });

  it("draws as many bytes as asked for, of all values", () => {
    const stream = streamOf(7, "bytes");

    const bytes = stream.bytes(10_001);

    expect(bytes.length).toBe(10_001);
    expect(new Set(bytes).size).toBe(256);
    expect(stream.bytes(0).length).toBe(0);
  });
});
