import { describe, expect, it } from "vitest";
import { linearScale, logScale, timeScale } from "./scale.ts";

const label = String;

describe("a linear scale", () => {
  it("maps its domain to its range, upside down if need be", () => {
    const scale = linearScale({ domain: [0, 10], range: [100, 0], tickCount: 5, label });

    expect([0, 2.5, 10].map(scale.at)).toEqual([100, 75, 0]);
  });

  it("keeps marks inside, even of what is no number", () => {
    const scale = linearScale({ domain: [0, 10], range: [0, 100], tickCount: 5, label });

    expect([-5, 99, Number.POSITIVE_INFINITY, Number.NaN].map(scale.at)).toEqual([0, 100, 100, 0]);
  });

  it("has ticks at round steps", () => {
    const scale = linearScale({ domain: [0, 523], range: [0, 1], tickCount: 3, label });

    expect(scale.ticks.map((tick) => tick.label)).toEqual(["0", "200", "400"]);
  });

  it("survives a domain without extent", () => {
    const scale = linearScale({ domain: [4, 4], range: [0, 100], tickCount: 3, label });

    expect(scale.at(4)).toBe(0);
    expect(scale.ticks.length).toBeGreaterThan(0);
  });
});

describe("a logarithmic scale", () => {
  it("gives each decade the same room", () => {
    const scale = logScale({ domain: [1, 1_000], range: [0, 300], label });

    expect([1, 10, 100, 1_000, 0].map((value) => Math.round(scale.at(value)))).toEqual([0, 100, 200, 300, 0]);
  });

  it("names the decades and only marks what lies between", () => {
    const scale = logScale({ domain: [0.5, 600], range: [0, 1], label });

    expect(scale.ticks.flatMap((tick) => tick.label ?? [])).toEqual(["1", "10", "100"]);
    expect(scale.ticks.map((tick) => tick.value)).toContain(500);
  });

  it("names 1, 2 and 5 when fewer than two decades show", () => {
    const scale = logScale({ domain: [3, 80], range: [0, 1], label });

    expect(scale.ticks.flatMap((tick) => tick.label ?? [])).toEqual(["5", "10", "20", "50"]);
  });
});

describe("a time scale", () => {
  it("counts in seconds, and in minutes when the run is long", () => {
    const short = timeScale({ domain: [0, 90e6], range: [0, 1], tickCount: 12 });
    const long = timeScale({ domain: [0, 3_600e6], range: [0, 1], tickCount: 6 });

    expect(short.ticks.map((tick) => tick.label).slice(0, 3)).toEqual(["0 s", "10 s", "20 s"]);
    expect(long.ticks.map((tick) => tick.label)).toEqual([
      "0 min",
      "10 min",
      "20 min",
      "30 min",
      "40 min",
      "50 min",
      "60 min",
    ]);
  });
});
