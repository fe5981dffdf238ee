import { describe, expect, it } from "vitest";
import { parseSla } from "../../checkers/objectives/expression.ts";
import { measurementOf } from "./measurement.ts";
import { type Ending, SampleLog } from "./sample-log.ts";

type Sample = { readonly at: number; readonly lag?: number; readonly ms?: number; readonly ending?: Ending };

const second = 1_000_000;

/** Of samples in milliseconds: sent `lag` after they were due, ended `ms` after they were sent. */
const measure = (samples: readonly Sample[], sla: string, warmUpMs = 0) => {
  const count = samples.length;
  const log = new SampleLog({
    intended: Float64Array.from(samples, ({ at }) => at * 1000),
    kind: new Uint8Array(count),
    key: new Uint32Array(count),
    entry: new Uint16Array(count),
  });
  samples.forEach(({ at, lag = 0, ms = 1, ending = "ok" }, row) => {
    if (ending === "unsent") return;
    const sent = (at + lag) * 1000;
    if (ending !== "dropped") log.sent(row, sent);
    log.ended(row, ending, ending === "dropped" ? at * 1000 : sent + ms * 1000);
  });
  const expression = parseSla(sla, { faults: [], nodes: [] });
  return measurementOf({
    log,
    health: [],
    machine: [],
    warmUpUs: warmUpMs * 1000,
    durationUs: 60 * second,
    seed: 1,
    nodes: ["null"],
    expressions: expression.type === "mistake" ? [] : [expression],
  });
};

const steady = (count: number, sample: Omit<Sample, "at"> = {}): Sample[] =>
  Array.from({ length: count }, (_, index) => ({ at: index * 2, ...sample }));

describe("a measurement", () => {
  it("shows the whole stall: of 6 s at 500 a second with one of a second, 11.7 % are over 300 ms", () => {
    const stalled = steady(3_000).map(({ at }) => ({ at, ms: at >= 2_000 && at < 3_000 ? 3_000 - at : 0.5 }));
    const { sla, response, verdict } = measure(stalled, "p99.9<=300ms");

    expect((100 * (sla[0]?.badCount ?? 0)) / 3_000).toBeCloseTo(11.7, 0);
    expect(response.p50).toBeLessThan(2);
    expect(verdict).toBe("breached");
  });

  it("is exact at the limit: 299.999 ms is good and 300.001 is bad", () => {
    expect(measure(steady(3_000, { ms: 299.999 }), "p99.9<300ms").verdict).toBe("passed");
    expect(measure(steady(3_000, { ms: 300.001 }), "p99.9<=300ms").verdict).toBe("breached");
  });

  it("leaves the warm-up out of every figure", () => {
    const samples = steady(3_000).map(({ at }) => ({ at, ms: at < 1_000 ? 900 : 1 }));
    const { counts, response } = measure(samples, "p99<300ms", 1_000);

    expect(counts.requestCount).toBe(2_500);
    expect(response.max).toBe(1);
  });

  it("counts what was dropped as bad, and blames the store for it", () => {
    const samples = steady(3_000).map(
      ({ at }, index) => ({ at, ending: index < 30 ? "dropped" : "ok" }) as const,
    );
    const { counts, verdict, doubts } = measure(samples, "ok>=99.9%");

    expect(counts.droppedCount).toBe(30);
    expect([verdict, doubts]).toEqual(["breached", []]);
  });

  it("of a generator that was late is inconclusive, with the verdict both ways", () => {
    const { verdict, doubts, sla } = measure(steady(3_000, { lag: 310, ms: 5 }), "p99.9<300ms");

    expect(verdict).toBe("inconclusive");
    expect(doubts[0]).toMatch(/^it lagged: its p99.9 was 310.\d ms, where 9.0 ms are allowed$/);
    expect(sla).toMatchObject([{ verdict: "breached", verdictWithoutLag: "proved" }]);
  });

  it("of a generator that did not send what it should is inconclusive, with the rates", () => {
    const samples = steady(3_000).map(
      ({ at }, index) => ({ at, ending: index % 50 === 0 ? "unsent" : "ok" }) as const,
    );

    expect(measure(samples, "p99<300ms").doubts).toEqual([
      "it sent 490 requests a second, where 500 were to be sent",
    ]);
  });

  it("of too few requests is inconclusive", () => {
    expect(measure(steady(100), "p99.9<300ms").verdict).toBe("inconclusive");
  });
});
