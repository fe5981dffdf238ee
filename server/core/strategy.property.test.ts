import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { balancedRing, copies, countOf, homesOf, movedCount } from "./placement-change.fixture.ts";
import { numRuns } from "./state-fixture.ts";
import { type PlacedMember, ringFor, type Strategy } from "./strategy.ts";

const strategies: readonly Strategy[] = [
  { strategy: 1, tokensPerNode: 8 },
  { strategy: 2, tokensPerNode: 8, partitions: 32 },
  { strategy: 3, partitions: 32 },
];
const anyMembers: fc.Arbitrary<readonly PlacedMember[]> = fc.uniqueArray(
  fc.record({
    nodeId: fc.stringMatching(/^[a-z]{1,6}$/),
    dc: fc.constantFrom("", "east", "west"),
    rack: fc.constantFrom("1", "2"),
    capacity: fc.constantFrom(1, 1, 2),
  }),
  { minLength: 1, maxLength: 12, selector: ({ nodeId }) => nodeId },
);

describe.each(strategies)("placement by $strategy", (strategy) => {
  it("is a function of the member set, in whatever order it is given", () => {
    fc.assert(
      fc.property(anyMembers, (members) => {
        expect(ringFor(members.toReversed(), strategy, copies)).toEqual(ringFor(members, strategy, copies));
      }),
      { numRuns: numRuns(60) },
    );
  });

  it("lists every node once, N distinct homes first, in as many data centres as there can be", () => {
    fc.assert(
      fc.property(anyMembers, (members) => {
        const dcOf = new Map(members.map(({ nodeId, dc }) => [nodeId, dc]));
        const ids = members.map(({ nodeId }) => nodeId).toSorted();
        const ring = ringFor(members, strategy, copies);

        for (const order of ring.orders) {
          const dcs = new Set(order.slice(0, copies).map((home) => dcOf.get(home)));
          expect(order.toSorted()).toEqual(ids);
          expect(dcs.size).toBe(Math.min(copies, ids.length, new Set(dcOf.values()).size));
        }
      }),
      { numRuns: numRuns(60) },
    );
  });
});

describe("a node that dies", () => {
  it.each([4, 5, 6])("leaves what it had to all others alike, within 30 %%: one of %i nodes", (size) => {
    const ring = balancedRing(nodes(size), 1024);

    for (const dead of ring.members) {
      const standIns = ring.orders.flatMap((order) =>
        order.slice(0, copies).includes(dead) ? order.slice(copies, copies + 1) : [],
      );
      const even = standIns.length / (size - 1);
      for (const other of ring.members.filter((node) => node !== dead)) {
        const extra = standIns.filter((node) => node === other).length;
        expect(Math.abs(extra / even - 1)).toBeLessThanOrEqual(0.3);
      }
    }
  });
});

describe("a node that joins", () => {
  it.each([5, 9, 15])("takes from at least half of %i others", (size) => {
    const before = balancedRing(nodes(size), 256);
    const after = balancedRing([...nodes(size), { nodeId: "joiner", seat: size }], 256);

    const givers = homesOf(before).flatMap((homes, partition) =>
      homes.filter((home) => !homesOf(after)[partition]?.includes(home)),
    );

    expect(new Set(givers).size).toBeGreaterThanOrEqual(size / 2);
  });

  it("moves nothing in other data centres, and nothing but its own", () => {
    const members = ["east", "west"].flatMap((dc) =>
      Array.from({ length: 5 }, (_, seat) => ({ nodeId: `${dc}-${seat}`, dc, seat })),
    );
    const before = balancedRing(members, 128);

    const after = balancedRing([...members, { nodeId: "east-new", dc: "east", seat: 5 }], 128);

    const gained = homesOf(after).flatMap((homes, partition) =>
      homes.filter((home) => !homesOf(before)[partition]?.includes(home)),
    );
    expect(gained.filter((home) => home.startsWith("west"))).toEqual([]);
    expect(movedCount(before, after)).toBeLessThanOrEqual(2 * countOf("east-new", after));
  });
});

function nodes(count: number): readonly PlacedMember[] {
  return Array.from({ length: count }, (_, seat) => ({ nodeId: `n${seat}`, seat }));
}
