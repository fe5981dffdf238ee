import { afterEach, describe, expect, it, vi } from "vitest";
import { runClock } from "./run-clock.ts";

describe("the time of a run", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("goes on when the wall clock goes back", () => {
    const clock = runClock(process.hrtime.bigint());
    const before = clock.now();
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() - 3_600_000);
    const after = clock.now();

    expect(after).toBeGreaterThanOrEqual(before);
    expect(after - before).toBeLessThan(60_000_000);
  });
});
