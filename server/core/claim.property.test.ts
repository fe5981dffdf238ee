import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign } from "./claim.ts";
import { balancedRing, copies, countOf, homesOf, movedCount } from "./placement-change.fixture.ts";
import { withSeats } from "./seats.ts";
import { numRuns } from "./state-fixture.ts";

const anyNodeIds = (minLength: number, maxLength: number) =>
  fc.uniqueArray(fc.stringMatching(/^[a-z0-9.-]{1,12}$/), { minLength, maxLength });

const seatedNodes = (nodeIds: readonly string[]) => nodeIds.map((nodeId, seat) => ({ nodeId, seat }));
const sizes = Array.from({ length: 38 }, (_, index) => index + 3);
const nodesOf = (count: number) => seatedNodes(Array.from({ length: count }, (_, seat) => `n${seat}`));

describe("assign", () => {
  it("gives each node its share by capacity, rounded down or up", () => {
    const anyCapacities = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(anyCapacities, fc.integer({ min: 1, max: 200 }), (capacities, partitionCount) => {
        const members = capacities.map((tenths, seat) => {
          return { nodeId: `n${seat}`, capacity: tenths / 10, seat };
        });
        const total = members.reduce((sum, { capacity }) => sum + capacity, 0);

        const owners = assign(members, partitionCount, copies);

        for (const { nodeId, capacity } of members) {
          const count = owners.filter((owner) => owner === nodeId).length;
          expect(Math.abs(count - (partitionCount * capacity) / total)).toBeLessThan(1.000_001);
        }
      }),
      { numRuns: numRuns(300) },
    );
  });

  it.each(sizes)(
    "keeps two partitions between a node's own, so that copies are as even as partitions: %i nodes",
    (size) => {
      const ring = balancedRing(nodesOf(size), 256);

      for (const { nodeId } of nodesOf(size)) {
        const owned = ring.owners.filter((owner) => owner === nodeId).length;
        expect(countOf(nodeId, ring)).toBe(size <= copies ? 256 : copies * owned);
      }
    },
  );

  it.each(sizes)("moves not one copy more than it must when a node joins %i others", (size) => {
    for (const partitionCount of [64, 256]) {
      const before = balancedRing(nodesOf(size), partitionCount);

      const after = balancedRing([...nodesOf(size), { nodeId: "joiner", seat: size }], partitionCount);

      expect(countOf("joiner", after)).toBeGreaterThanOrEqual(copies);
      expect(movedCount(before, after)).toBe(countOf("joiner", after));
    }
  });

  it.each(sizes.slice(1))("moves at most twice what it must when any one of %i nodes leaves", (size) => {
    const before = balancedRing(nodesOf(size), 64);

    for (const leaver of nodesOf(size)) {
      const after = balancedRing(
        nodesOf(size).filter(({ nodeId }) => nodeId !== leaver.nodeId),
        64,
      );

      expect(movedCount(before, after)).toBeLessThanOrEqual(2 * countOf(leaver.nodeId, before));
    }
  });

  it("moves at most twice what it must at each of many joins and leaves, if seats are written down", () => {
    const anyChanges = fc.array(fc.record({ joins: fc.boolean(), who: fc.nat() }), {
      minLength: 5,
      maxLength: 30,
    });
    fc.assert(
      fc.property(anyNodeIds(4, 12), anyChanges, (nodeIds, changes) => {
        let members = withSeats(nodeIds.map((nodeId) => ({ nodeId })));
        changes.forEach(({ joins, who }, index) => {
          const before = balancedRing(members, 128);
          const changed =
            joins || members.length <= 4 ? `J${index}` : (members[who % members.length]?.nodeId ?? "");
          members =
            changed.startsWith("J") && !members.some(({ nodeId }) => nodeId === changed)
              ? [...members, { nodeId: changed, seat: members.length }]
              : withSeats(members.filter(({ nodeId }) => nodeId !== changed));
          const after = balancedRing(members, 128);

          const mustMove = Math.max(countOf(changed, before), countOf(changed, after));
          expect(movedCount(before, after)).toBeLessThanOrEqual(2 * mustMove);
        });
      }),
      { numRuns: numRuns(30) },
    );
  });

  it("names N distinct homes for every partition", () => {
    fc.assert(
      fc.property(anyNodeIds(1, 20), fc.constantFrom(1, 8, 64), (nodeIds, partitionCount) => {
        for (const homes of homesOf(
          balancedRing(
            nodeIds.map((nodeId) => ({ nodeId })),
            partitionCount,
          ),
        )) {
          expect(new Set(homes).size).toBe(Math.min(copies, nodeIds.length));
        }
      }),
      { numRuns: numRuns(50) },
    );
  });
});
