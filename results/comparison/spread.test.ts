import { describe, expect, it } from "vitest";
import { type LatencyPair, spreadsOf } from "./spread.ts";

/** Latencies around 5 ms of which a share is five times as late; `at` moves them among runs. */
const run = (pace: number, lateShare: number, at: number): Float64Array =>
  Float64Array.from({ length: 1_000 }, (_, index) => {
    const place = ((index * 389 + at * 37) % 1_000) / 1_000;
    return pace * (4 + 2 * place) * (place < lateShare ? 5 : 1);
  });

const none = new Float64Array(0);

const pairs = (
  count: number,
  candidate: { readonly pace: number; readonly lateShare: number },
): readonly LatencyPair[] =>
  Array.from({ length: count }, (_, at) => ({
    baseline: { get: run(1 + at / 7, 0.02 + (at % 3) / 500, at), put: none },
    candidate: {
      get: run(candidate.pace * (1 + at / 7), candidate.lateShare + ((at + 1) % 3) / 500, at + 1),
      put: none,
    },
  }));

describe("the spread of latencies", () => {
  it("changes when more requests are late, although the middle stays", () => {
    const [get, ...others] = spreadsOf(pairs(10, { pace: 1, lateShare: 0.12 }), 1);

    expect(get).toMatchObject({ operation: "get", isChanged: true, probability: 2 / 1_024 });
    expect(get?.distance).toBeGreaterThan(0.08);
    expect(get?.distance).toBeLessThan(0.16);
    expect(others).toEqual([]);
  });

  it("does not change when all become slower by the same factor", () => {
    const [get] = spreadsOf(pairs(10, { pace: 1.7, lateShare: 0.02 }), 1);

    expect(get?.isChanged).toBe(false);
    expect(get?.distance).toBeLessThan(0.02);
  });

  it("cannot be known to have changed after six pairs", () => {
    const [get] = spreadsOf(pairs(6, { pace: 1, lateShare: 0.12 }), 1);

    expect(get).toMatchObject({ isChanged: false, probability: 2 / 64 });
  });

  it("is drawn from the seed where exchanges are too many to try them all", () => {
    const given = pairs(14, { pace: 1, lateShare: 0.12 });

    expect(spreadsOf(given, 7)).toEqual(spreadsOf(given, 7));
    expect(spreadsOf(given, 7)[0]?.isChanged).toBe(true);
  });

  it("is not known where a run has no request of an operation", () => {
    expect(
      spreadsOf([{ baseline: { get: none, put: none }, candidate: { get: run(1, 0, 0), put: none } }], 1),
    ).toEqual([]);
    expect(spreadsOf([], 1)).toEqual([]);
  });
});
