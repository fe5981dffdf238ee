import { describe, expect, it } from "vitest";
import { assign } from "./claim.ts";

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
    expect(assign(membersOf("a", "b", "c"), 12, 2).join("")).toBe("abcacbabcacb");
    expect(assign(membersOf("a", "b", "c", "d", "e", "f"), 24, 2).join("")).toBe("abdfdbebcafedbcdceafcaef");
  });

  it("goes by seats and not by names: the same seats, renamed, are the same plan", () => {
    const plan = assign([...membersOf("a", "b", "c", "d"), { nodeId: "e" }], 64, 3);
    const renamed = assign(
      ["z", "y", "x", "w", "v"].map((nodeId, seat) => ({ nodeId, seat })),
      64,
      3,
    );

    expect(renamed.map((nodeId) => "zyxwv".indexOf(nodeId))).toEqual(
      plan.map((nodeId) => "abcde".indexOf(nodeId)),
    );
  });

  it("lets a newcomer take what it must, from everybody, and moves nothing else", () => {
    const before = assign(membersOf("a", "b", "c", "d", "e"), 64, 3);

    const after = assign([...membersOf("a", "b", "c", "d", "e"), { nodeId: "Aa", seat: 5 }], 64, 3);

    const changed = after.flatMap((owner, partition) => (owner === before[partition] ? [] : [partition]));
    expect(changed.map((partition) => after[partition])).toEqual(changed.map(() => "Aa"));
    expect(changed).toHaveLength(10);
    expect(new Set(changed.map((partition) => before[partition])).size).toBe(5);
  });

  it("gives a node of twice the capacity twice the partitions", () => {
    const owners = assign(
      [{ nodeId: "big", capacity: 2 }, { nodeId: "small-1" }, { nodeId: "small-2" }],
      64,
      3,
    );

    expect(countsOf(owners)).toEqual({ big: 32, "small-1": 16, "small-2": 16 });
  });

  it("has members without a partition where there are more of them than partitions", () => {
    expect(countsOf(assign(membersOf("a", "b", "c", "d", "e", "f"), 4, 3))).toEqual({
      a: 1,
      b: 1,
      c: 1,
      d: 1,
    });
  });
});
