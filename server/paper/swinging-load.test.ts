import { expect, test } from "vitest";
import type { Timed } from "./open-load.ts";
import { shapeOf } from "./swinging-load.ts";

/** A day of half a minute in which part p of twelve has 10 (p + 1) reads, each as slow as `tookMs` says. */
function dayOf(tookMs: (part: number) => number): readonly Timed[] {
  return Array.from({ length: 12 }, (_, part) =>
    Array.from({ length: 10 * (part + 1) }, (): Timed => {
      return { kind: "read", atMs: 2500 * part + 1, tookMs: tookMs(part), isOk: true };
    }),
  ).flat();
}

test("a tail that grows with the load of its part of the day correlates with it, and one that does not, does not", () => {
  expect(
    shapeOf(
      dayOf((part) => 5 + part),
      "read",
    ).withLoad,
  ).toBeCloseTo(1, 9);
  expect(
    shapeOf(
      dayOf((part) => 50 - part),
      "read",
    ).withLoad,
  ).toBeCloseTo(-1, 9);
  expect(
    shapeOf(
      dayOf(() => 5),
      "read",
    ).withLoad,
  ).toBe(0);
  expect(
    shapeOf(
      dayOf((part) => (part === 11 ? 100 : 1)),
      "read",
    ),
  ).toMatchObject({ count: 780, p999Ms: 100 });
});
