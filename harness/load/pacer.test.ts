import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../client/manual-clock.fixture.ts";
import { SpinPacer, TimerPacer } from "./pacer.ts";

const schedule = Float64Array.of(0, 10_000, 10_000, 25_000);

describe("the timer pacer", () => {
  let clock: ManualClock;
  beforeEach(() => {
    clock = new ManualClock();
  });

  it("wakes for each arrival, once for those at the same time", () => {
    const woken: number[] = [];

    new TimerPacer(clock).start(schedule, () => woken.push(clock.now()));
    clock.advance(100);

    expect(woken).toEqual([0, 10_000, 25_000]);
    expect(clock.timerCount).toBe(0);
  });

  it("wakes nobody after it was stopped", async () => {
    const woken: number[] = [];
    const pacer = new TimerPacer(clock);
    pacer.start(schedule, () => woken.push(clock.now()));

    await pacer.stop();
    clock.advance(100);

    expect(woken).toEqual([0]);
  });
});

describe("the spin pacer", () => {
  it("wakes when the clock has passed an arrival, and ends with the last one", async () => {
    let now = -1;
    const woken: number[] = [];
    const ended = new Promise<void>((resolve) => {
      new SpinPacer({ now: () => (now += 5_000) }).start(schedule, () => {
        woken.push(now);
        if (now >= 25_000) resolve();
      });
    });
    await ended;

    expect(woken).toEqual([4_999, 14_999, 29_999]);
  });
});
