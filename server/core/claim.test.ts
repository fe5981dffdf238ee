import { describe, expect, it } from "vitest";
import { assign, quotasOf } from "./claim.ts";

const membersOf = (...nodeIds: string[]) => nodeIds.map((nodeId) => ({ nodeId }));

const countsOf = (owners: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const owner of owners) counts[owner] = (counts[owner] ?? 0) + 1;
  return counts;
};

describe("assign", () => {
  it("gives a single node everything", () => {
    expect(assign(membersOf("a"), 4, 3)).toEqual(["a", "a", "a", "a"]);
  });

  it("is the same for the same members in another order", () => {
    const forwards = assign(membersOf("a", "b", "c", "d", "e"), 64, 3);

    expect(assign(membersOf("d", "b", "e", "a", "c"), 64, 3)).toEqual(forwards);
  });

  it("is the placement it was: nodes of different builds must agree", () => {
    expect(assign(membersOf("a", "b", "c"), 12, 2).join("")).toBe("acabcabcabcb");
  });

  it("gives a node of twice the capacity twice the partitions", () => {
    const owners = assign(
      [{ nodeId: "big", capacity: 2 }, { nodeId: "small-1" }, { nodeId: "small-2" }],
      64,
      3,
    );

    expect(countsOf(owners)).toEqual({ big: 32, "small-1": 16, "small-2": 16 });
  });
});

describe("quotasOf", () => {
  it("adds up to the number of partitions, whatever does not divide", () => {
    const quotas = quotasOf(membersOf("a", "b", "c", "d", "e"), 64);

    expect([...quotas.values()].toSorted()).toEqual([12, 13, 13, 13, 13]);
  });
});
