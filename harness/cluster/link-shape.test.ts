import { describe, expect, it } from "vitest";
import { dueMs, type PassingShape } from "./link-shape.ts";

/** When each of some chunks goes on. */
function due(
  shape: PassingShape,
  chunks: readonly { nowMs: number; bytes?: number; chance?: number }[],
): readonly number[] {
  let lastMs = 0;
  return chunks.map(({ nowMs, bytes = 1, chance = 0 }) => {
    lastMs = dueMs(shape, { nowMs, lastMs, bytes, chance });
    return lastMs;
  });
}

describe("a link that is shaped", () => {
  it("late passes everything on so much later, at its own pace", () => {
    expect(due({ trouble: "delay", delayMs: 200 }, [{ nowMs: 0 }, { nowMs: 5 }, { nowMs: 500 }])).toEqual([
      200, 205, 700,
    ]);
  });

  it("unevenly late never lets a later chunk pass an earlier one", () => {
    const chunks = [
      { nowMs: 0, chance: 1 },
      { nowMs: 10, chance: 0 },
      { nowMs: 300, chance: 0.5 },
    ];

    expect(due({ trouble: "jitter", delayMs: 200 }, chunks)).toEqual([200, 200, 450]);
  });

  it("narrow takes its time for each byte, and what waits adds up", () => {
    const chunks = [
      { nowMs: 0, bytes: 500 },
      { nowMs: 0, bytes: 500 },
      { nowMs: 5_000, bytes: 100 },
    ];

    expect(due({ trouble: "rate", bytesPerSecond: 1_000 }, chunks)).toEqual([500, 1_000, 5_100]);
  });

  it("lossy holds everything back until TCP has sent again what was lost, twice as late each time", () => {
    const chunks = [
      { nowMs: 0, chance: 0.5 },
      { nowMs: 10, chance: 0.8 },
      { nowMs: 20, chance: 0.5 },
      { nowMs: 1_000, chance: 0.92 },
      { nowMs: 5_000, chance: 0.999_999 },
    ];

    expect(due({ trouble: "loss", percent: 30 }, chunks)).toEqual([0, 210, 210, 1_600, 6_400]);
  });
});
