import { describe, expect, it } from "vitest";
import { machineHealth, parseMachineTicks, parseProcessTicks } from "./machine-watch.ts";

const look = (busyTicks: number, allTicks: number, own: readonly [number, number, number, number][]) => ({
  busyTicks,
  stealTicks: 0,
  allTicks,
  own: new Map(own.map(([pid, ticks, ranNs, waitedNs]) => [pid, { ticks, ranNs, waitedNs }])),
});

describe("the machine", () => {
  it("is read from the first line of /proc/stat", () => {
    expect(parseMachineTicks("cpu  10 1 5 80 4 1 1 2 0 0\ncpu0 1 2 3")).toEqual({
      busyTicks: 18,
      stealTicks: 2,
      allTicks: 104,
    });
    expect(parseMachineTicks("")).toBeUndefined();
    expect(parseMachineTicks("intr 5")).toBeUndefined();
  });

  it("reads a process whatever it is called", () => {
    const text = "77 (a) b (c d) S 12 77 77 0 -1 4194560 1 2 3 4 30 12 0 0 20 0 11 0";

    expect(parseProcessTicks(text)).toEqual({ parent: 12, ticks: 42 });
    expect(parseProcessTicks("")).toBeUndefined();
  });

  it("counts as foreign what was busy and not the run's own", () => {
    const health = machineHealth(
      look(100, 1_000, [[1, 50, 0, 0]]),
      look(250, 1_200, [
        [1, 70, 10, 30],
        [2, 30, 20, 40],
      ]),
      5,
    );

    expect(health).toEqual({
      type: "machine",
      at: 5,
      foreignShare: 0.5,
      stealShare: 0,
      waitShare: 0.7,
      ownCpuMs: 500,
    });
  });

  it("is quiet when nothing happened, and never negative when a process has gone", () => {
    const before = look(100, 1_000, [[1, 50, 10, 10]]);

    expect(machineHealth(before, before, 1)).toMatchObject({ foreignShare: 0, waitShare: 0 });
    expect(machineHealth(before, look(100, 1_100, []), 1)).toMatchObject({ foreignShare: 0 });
  });
});
