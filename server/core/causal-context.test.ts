import { describe, expect, it } from "vitest";
import { eventCount, highestCounter, knows, mergeContexts, withDot } from "./causal-context.ts";
import { vectorOf } from "./version-vector.ts";
import { type CausalContext, emptyContext } from "./versions.ts";

const x = (counter: number) => ({ actor: "x", counter });
const seen = (upTo: number, ...cloud: number[]): CausalContext => ({
  vector: vectorOf([["x", upTo]]),
  cloud: cloud.map(x),
});

describe("a causal context", () => {
  it("knows one event without claiming those before it", () => {
    const context = withDot(emptyContext, x(7));

    expect(context).toEqual(seen(0, 7));
    expect(knows(context, x(7))).toBe(true);
    expect(knows(context, x(6))).toBe(false);
  });

  it("melts events into the vector as soon as the gap is closed", () => {
    const gapped = withDot(withDot(seen(3), x(6)), x(5));

    expect(gapped).toEqual(seen(3, 5, 6));
    expect(withDot(gapped, x(4))).toEqual(seen(6));
  });

  it("forgets events of the cloud that the vector covers after a merge", () => {
    expect(mergeContexts(seen(1, 4, 9), seen(5))).toEqual(seen(5, 9));
  });

  it("counts events, and finds the highest of an actor", () => {
    expect(eventCount(seen(3, 7))).toBe(4);
    expect(highestCounter(seen(3, 7), "x")).toBe(7);
    expect(highestCounter(seen(3, 7), "y")).toBe(0);
  });
});
