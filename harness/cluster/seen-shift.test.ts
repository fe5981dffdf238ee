import { describe, expect, it } from "vitest";
import { aheadBy } from "./seen-shift.ts";

describe("how far a clock is ahead", () => {
  it("is known as exactly as the question took, and two milliseconds for rounding", () => {
    expect(aheadBy(86_401_000, 1_000, 1_010)).toEqual({ least: 86_399_988, most: 86_400_002 });
  });

  it("is negative for a clock that is behind", () => {
    expect(aheadBy(1_000, 91_000, 91_000)).toEqual({ least: -90_002, most: -89_998 });
  });
});
