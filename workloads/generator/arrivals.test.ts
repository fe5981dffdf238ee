import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { arrivalTimes } from "./arrivals.ts";
import { flat, parseArrivals } from "./rate-shape.ts";
import { streamOf } from "./stream.ts";

const poisson = (seed: number, perSecond = 500, durationUs = 60_000_000): Float64Array =>
  arrivalTimes({ arrivals: "poisson", perSecond, durationUs }, streamOf(seed, "arrivals"));

const countsOf = (shape: string): number[] => {
  const parsed = parseArrivals(`constant+${shape}`);
  const options = { arrivals: "constant", perSecond: 1_000, durationUs: 4_000_000 } as const;
  const times = arrivalTimes({ ...options, shape: parsed?.shape ?? flat }, streamOf(1, "arrivals"));
  return [0, 1, 2, 3].map((at) => times.filter((time) => Math.floor(time / 1e6) === at).length);
};

describe("arrivals", () => {
  it("come at equal distances when they are constant", () => {
    const options = { arrivals: "constant", perSecond: 400, durationUs: 10_000 } as const;

    const times = arrivalTimes(options, streamOf(1, "arrivals"));

    expect([...times]).toEqual([0, 2_500, 5_000, 7_500]);
  });

  it("are the same for the same seed, now and in later versions", () => {
    const times = poisson(1);

    expect(times).toEqual(poisson(1));
    expect(createHash("sha1").update(new Uint8Array(times.buffer)).digest("hex")).toBe(
      "2f7f8b92d56f12e568514ff117c4c8b0a5f2a8d6",
    );
    expect(times).not.toEqual(poisson(2));
  });

  it("grow from a tenth to the full rate over the ramp, and stay there", () => {
    const options = {
      arrivals: "constant",
      perSecond: 1_000,
      durationUs: 10_000_000,
      rampUs: 5_000_000,
    } as const;

    const times = arrivalTimes(options, streamOf(1, "arrivals"));
    const between = (from: number, until: number): number =>
      times.filter((at) => at >= from * 1e6 && at < until * 1e6).length;

    expect(between(0, 5)).toBe(2_750);
    expect(between(0, 1)).toBe(191);
    expect(between(5, 10)).toBe(5_000);
  });

  it("follow the shape of the rate", () => {
    expect(countsOf("step:0.5/1/1.5/2")).toEqual([500, 1_000, 1_500, 2_000]);
    expect(countsOf("burst:5x1s/2s")).toEqual([5_000, 1_000, 5_000, 1_000]);
    expect(countsOf("ramp:0-2")).toEqual([250, 750, 1_250, 1_750]);
    expect(countsOf("sine:1/4s").map((count) => Math.round(count / 10))).toEqual([164, 164, 36, 36]);
    expect(countsOf("step:0/1/0/1")).toEqual([0, 1_000, 0, 1_000]);
  });

  it.each([
    "ramp:1",
    "step:fast",
    "burst:5x2s/1s",
    "sine:2/1s",
    "sine:0.5/0s",
    "sawtooth",
    "constant+",
    "step:1e3",
  ])("of an unknown shape are refused: %s", (text) => {
    expect(parseArrivals(text)).toBeUndefined();
  });

  it("are whole, ascending and inside the duration", () => {
    const times = poisson(3, 5_000, 2_000_000);

    expect(times.every(Number.isInteger)).toBe(true);
    expect(times.every((at, index) => index === 0 || at >= (times[index - 1] ?? 0))).toBe(true);
    expect(Math.max(...times)).toBeLessThan(2_000_000);
  });

  it("come at the wanted mean rate, and as unevenly as a Poisson process does", () => {
    const times = poisson(4);
    const perSecond = Array.from({ length: 60 }, () => 0);
    for (const at of times) perSecond[Math.floor(at / 1e6)] = (perSecond[Math.floor(at / 1e6)] ?? 0) + 1;

    const mean = times.length / 60;
    const variance = perSecond.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 59;

    // 30,000 arrivals deviate by 173; the variance of 60 counts, relative to the mean, by 0.18: four times each.
    expect(Math.abs(times.length - 30_000)).toBeLessThan(700);
    expect(variance / mean).toBeGreaterThan(0.3);
    expect(variance / mean).toBeLessThan(1.75);
  });

  it("are none in no time", () => {
    expect(poisson(1, 500, 0).length).toBe(0);
  });
});
