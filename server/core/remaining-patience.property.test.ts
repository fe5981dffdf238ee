import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sender } from "../ports/network.ts";
import { RemainingPatience, spanMs } from "./remaining-patience.ts";

const sender: Sender = { nodeId: "n1", incarnation: "i", boot: 1 };

/** Requests with 1 s of patience each, as they are read: `[sent by the sender's clock, read by this node's]`. */
const readAll = (requests: readonly (readonly [number, number])[]) => {
  const patience = new RemainingPatience();
  return requests.map(([sentMs, nowMs]) => patience.of({ sender, sentMs, budgetMs: 1_000 }, nowMs));
};

describe("the patience that remains", () => {
  it("is all there is for the first request of a sender, whatever its clock says", () => {
    expect(readAll([[0, 5_000_000]])).toEqual([1_000]);
    expect(readAll([[5_000_000, 0]])).toEqual([1_000]);
  });

  it("is less for a request that took longer than the quickest one, by the difference", () => {
    expect(
      readAll([
        [100, 7_101],
        [200, 7_501],
        [300, 9_301],
      ]),
    ).toEqual([1_000, 700, 0]);
  });

  it("is measured by what came before a cut, for what was held behind it, however long it was", () => {
    const hour = 3_600_000;

    expect(
      readAll([
        [0, 1],
        [10, hour],
        [20, hour],
        [hour, hour + 1],
      ]),
    ).toEqual([1_000, 0, 0, 1_000]);
  });

  it("follows a clock that stood still, as that of a machine that was suspended, within two spans", () => {
    const stoodMs = 60_000;
    const seconds = Array.from({ length: (2 * spanMs) / 1_000 + 1 }, (_, second) => second * 1_000);
    const left = readAll([[0, 0], ...seconds.map((sentMs) => [sentMs, sentMs + stoodMs] as const)]);

    expect(left[1]).toBe(0);
    expect(left.at(-1)).toBe(1_000);
  });

  it("begins anew with another boot or incarnation of the sender", () => {
    const patience = new RemainingPatience();
    const left = [sender, { ...sender, boot: 2 }, { ...sender, boot: 2, incarnation: "j" }].map(
      (one, place) => patience.of({ sender: one, sentMs: 0, budgetMs: 50 }, place * 1_000),
    );

    expect(left).toEqual([50, 50, 50]);
  });

  it("is never less than what the true age leaves, and never more than there was", () => {
    const request = fc.record({ gapMs: fc.nat(3_000), underWayMs: fc.nat(10_000) });
    fc.assert(
      fc.property(
        fc.array(request, { maxLength: 50 }),
        fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
        (requests, apartMs) => {
          const patience = new RemainingPatience();
          let sentMs = 10 ** 9;
          const arrivals = requests.map(({ gapMs, underWayMs }) => {
            sentMs += gapMs;
            return { sentMs, underWayMs, nowMs: sentMs + apartMs + underWayMs };
          });
          for (const { underWayMs, nowMs, ...sent } of arrivals.toSorted((a, b) => a.nowMs - b.nowMs)) {
            const left = patience.of({ sender, ...sent, budgetMs: 2_000 }, nowMs);

            expect(left).toBeGreaterThanOrEqual(Math.max(0, 2_000 - underWayMs));
            expect(left).toBeLessThanOrEqual(2_000);
          }
        },
      ),
    );
  });

  it("remembers no more senders than a bound, and goes on", () => {
    const patience = new RemainingPatience();

    for (let index = 0; index < 3_000; index += 1) {
      const one = { ...sender, nodeId: `n${index}` };
      expect(patience.of({ sender: one, sentMs: index, budgetMs: 7 }, 0)).toBe(7);
    }
  });
});
