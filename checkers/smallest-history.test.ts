import { describe, expect, test } from "vitest";
import { ackedWrites } from "./acked-writes.ts";
import { generatedCarts } from "./generated-carts.ts";
import type { HistoryEvent } from "./history/event.ts";
import { smallestHistory } from "./smallest-history.ts";

const load = { requestCount: 400, clients: 5, carts: 6, failedPerMille: 50, unansweredPerMille: 50, seed: 3 };
const right = [...generatedCarts(load)];

/** A write that nobody saw: acknowledged, built upon by none, in no final read. */
const lost: readonly HistoryEvent[] = [
  {
    type: "invoke",
    id: 100_000,
    process: 777,
    session: "s",
    operation: "777.1",
    kind: "put",
    key: "cart/3",
    intended: 1e9,
    at: 1e9,
    written: { write: "777.1", parents: [], digest: "x", bytes: 1 },
    entry: "n1",
  },
  { type: "ok", id: 100_000, at: 1e9 + 1, attempts: [] },
];
const lossy = [...right, ...lost];
const search = { checker: ackedWrites, property: "P1" } as const;

describe("the smallest history that loses a write", () => {
  test.each([
    ["of its key alone", { key: "cart/3" }],
    ["of all keys", {}],
  ])("is the write and one final read, %s", (_, more) => {
    const smallest = smallestHistory(lossy, { ...search, ...more });

    expect(smallest).toMatchObject({ requestCount: 2, isMinimal: true });
    expect(smallest?.requestCountBefore).toBeGreaterThan(400);
    const [first, ...others] = smallest?.events.map(({ type }) => type) ?? [];
    expect(first).toBe("run");
    expect(others.filter((type) => type !== "calm")).toEqual(["invoke", "ok", "invoke", "ok"]);
  });

  test("is not looked for where nothing is lost", () => {
    expect(smallestHistory(right, search)).toBeUndefined();
  });

  test("is as small as the budget allows, and says so", () => {
    const smallest = smallestHistory(lossy, { ...search, checksMax: 5 });

    expect(smallest?.isMinimal).toBe(false);
    expect(smallest?.requestCount).toBeLessThan(smallest?.requestCountBefore ?? 0);
  });
});
