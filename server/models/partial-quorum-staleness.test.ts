import { describe, expect, it } from "vitest";
import { chanceOf } from "./chance.ts";
import { reproduced } from "./figures.ts";
import { consistentShare, fitted, type Legs, mixed, withinVersions } from "./partial-quorum-staleness.ts";

const trials = process.env["TIPCART_DEEP"] === undefined ? 20_000 : 400_000;
const { linkedInDisk, linkedInSsd, yammer } = fitted;
const share = (legs: Legs, afterMs: number, r = 1): number =>
  consistentShare({ n: 3, r, w: 1 }, legs, { afterMs, trials, chance: chanceOf(1) });

describe("staleness of partial quorums", () => {
  it.each<[string, Legs, number, number, number]>([
    ["LinkedIn's disks at once", linkedInDisk, 0, 1, 0.439],
    ["LinkedIn's disks after 10 ms", linkedInDisk, 10, 1, 0.925],
    ["LinkedIn's disks after 45.5 ms", linkedInDisk, 45.5, 1, 0.999],
    ["LinkedIn's SSDs at once", linkedInSsd, 0, 1, 0.973],
    ["Yammer after 1,364 ms", yammer, 1364, 1, 0.998],
    ["Yammer after 202 ms with R = 2", yammer, 202, 2, 0.999],
  ])("is as published: %s", (_name, legs, afterMs, r, published) => {
    expect(Math.abs(share(legs, afterMs, r) - published)).toBeLessThanOrEqual(0.01);
  });

  it("is nothing where quorums overlap, however slow a replica", () => {
    const legs = {
      write: mixed({ share: 0.5, scale: 1, shape: 1.1, rate: 0.001 }),
      other: linkedInSsd.other,
    };

    const overlapping = consistentShare({ n: 3, r: 2, w: 2 }, legs, {
      afterMs: 0,
      trials: 5000,
      chance: chanceOf(2),
    });

    expect(overlapping).toBe(1);
  });

  it("is within k versions with 1/3, 5/9, 19/27 at N = 3, R = W = 1", () => {
    const shares = [1, 2, 3].map((versions) => withinVersions({ n: 3, r: 1, w: 1 }, versions));

    for (const [index, expected] of [1 / 3, 5 / 9, 19 / 27].entries())
      expect(shares[index]).toBeCloseTo(expected, 12);
    expect(withinVersions({ n: 3, r: 2, w: 2 }, 1)).toBe(1);
  });

  it.skipIf(process.env["TIPCART_DEEP"] !== undefined)("comes out as the README says", () => {
    const shares = [
      share(linkedInDisk, 0),
      share(linkedInDisk, 10),
      share(linkedInDisk, 45.5),
      share(linkedInSsd, 0),
    ];

    expect(shares.map((one) => one.toFixed(3)).join(" ")).toBe(reproduced("E10"));
  });
});
