import { describe, expect, test } from "vitest";
import { compare } from "../core/version-vector.ts";
import {
  plainVector,
  type StampedVector,
  truncated,
  truncationThreshold,
  writtenOver,
} from "./clock-truncation.ts";

const forever = Number.POSITIVE_INFINITY;

/**
 * One client reads and writes a key through many coordinators in turn, each version following the one before. One
 * replica keeps an old version; in the end it meets the newest. What should happen: the old one is dropped.
 */
function longHistory({
  coordinatorCount,
  writeCount,
  threshold,
  skewMs = 0,
}: {
  readonly coordinatorCount: number;
  readonly writeCount: number;
  readonly threshold: number;
  readonly skewMs?: number;
}): readonly StampedVector[] {
  const clocks: StampedVector[] = [];
  let latest: StampedVector = new Map();
  for (let index = 0; index < writeCount; index += 1) {
    const coordinator = index % coordinatorCount;
    // One coordinator's clock is behind, so its pair always looks the oldest.
    const wallMs = index * 1000 - (coordinator === 0 ? skewMs : 0);
    latest = truncated(writtenOver(latest, `c${String(coordinator).padStart(2, "0")}`, wallMs), threshold);
    clocks.push(latest);
  }
  return clocks;
}

/** Of all pairs of an older and a newer version: how often the older seems concurrent, and how often it wins. */
function misjudged(clocks: readonly StampedVector[]): { falseSiblings: number; lostWrites: number } {
  const vectors = clocks.map(plainVector);
  let falseSiblings = 0;
  let lostWrites = 0;
  for (const [index, older] of vectors.entries()) {
    for (const newer of vectors.slice(index + 1)) {
      const order = compare(newer, older);
      if (order === "concurrent") falseSiblings += 1;
      if (order === "before" || order === "equal") lostWrites += 1;
    }
  }
  return { falseSiblings, lostWrites };
}

describe("clocks cut at ten pairs", () => {
  test("are as good as whole ones while ten coordinators are enough", () => {
    const clocks = longHistory({ coordinatorCount: 10, writeCount: 60, threshold: truncationThreshold });

    expect(misjudged(clocks)).toEqual({ falseSiblings: 0, lostWrites: 0 });
  });

  test("make false siblings and lose writes once there are twelve, where whole ones do neither", () => {
    const whole = longHistory({ coordinatorCount: 12, writeCount: 60, threshold: forever });
    const cut = longHistory({ coordinatorCount: 12, writeCount: 60, threshold: truncationThreshold });

    // Whoever comes round again was dropped and begins at 1, so a round later the clocks repeat.
    expect(misjudged(whole)).toEqual({ falseSiblings: 0, lostWrites: 0 });
    expect(misjudged(cut).falseSiblings).toBeGreaterThan(1000);
    expect(misjudged(cut).lostWrites).toBe(84);
  });

  test("drop whoever's wall clock is behind, although it wrote last", () => {
    const skewed = longHistory({ coordinatorCount: 11, writeCount: 12, threshold: 10, skewMs: 60_000 });

    expect([...(skewed.at(-1) ?? new Map())].some(([actor]) => actor === "c00")).toBe(false);
    expect(misjudged(skewed).falseSiblings + misjudged(skewed).lostWrites).toBeGreaterThan(0);
  });
});
