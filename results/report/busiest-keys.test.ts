import { describe, expect, it } from "vitest";
import { historyIn } from "../../checkers/history/notated.fixture.ts";
import { busiestKeyLimit, busiestKeys } from "./busiest-keys.ts";

describe("the busiest keys", () => {
  it("are those that the load asked for most, with what they waited", () => {
    const history = historyIn(`
      run nodes=n1,n2,n3
      30x/10 p1 get cart/hot @1..5 -> none
      10x/10 p2 get cart/cold @1..2 -> none
      p1 get cart/hot @400..900 -> info timeout
      final all cart/cold -> none
    `);

    expect(busiestKeys(history)).toMatchObject([
      { key: "cart/hot", requestCount: 31, share: 31 / 41, badCount: 1, latencyMs: { p50: 4, max: 4 } },
      { key: "cart/cold", requestCount: 10, badCount: 0, latencyMs: { p50: 1 } },
    ]);
  });

  it("are ten at most, and none of a run without requests", () => {
    const many = Array.from({ length: 15 }, (_, index) => `p1 get cart/${index} -> none`).join("\n");

    expect(busiestKeys(historyIn(`run nodes=n1\n${many}`))).toHaveLength(busiestKeyLimit);
    expect(busiestKeys(historyIn("run nodes=n1\nend"))).toEqual([]);
  });
});
