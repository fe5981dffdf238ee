import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assign } from "./claim.ts";
import { preferenceList } from "./preference-list.ts";
import { ringOf } from "./ring.ts";
import { numRuns } from "./state-fixture.ts";

const copies = 3;
const anyNodeIds = (minLength: number, maxLength: number) =>
  fc.uniqueArray(fc.stringMatching(/^[a-z0-9.-]{1,12}$/), { minLength, maxLength });

const ringWith = (nodeIds: readonly string[], partitionCount: number) =>
  ringOf(
    nodeIds,
    partitionCount,
    assign(
      nodeIds.map((nodeId) => ({ nodeId })),
      partitionCount,
      copies,
    ),
  );

const homesOf = (nodeIds: readonly string[], partitionCount: number): (readonly string[])[] => {
  const ring = ringWith(nodeIds, partitionCount);
  return ring.owners.map((_, partition) => preferenceList(ring, partition, copies).homes);
};

const countsOf = (nodeIds: readonly string[], placed: readonly string[]): number[] =>
  nodeIds.map((nodeId) => placed.filter((one) => one === nodeId).length);

describe("assign", () => {
  it("gives nodes numbers of partitions that differ by at most one", () => {
    fc.assert(
      fc.property(anyNodeIds(1, 20), (nodeIds) => {
        const counts = countsOf(nodeIds, ringWith(nodeIds, 64).owners);

        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
      { numRuns: numRuns(100) },
    );
  });

  it("moves at most twice the copies it must when a node joins, and back when it leaves", () => {
    fc.assert(
      fc.property(anyNodeIds(3, 6), (nodeIds) => {
        const partitionCount = 64;
        const before = homesOf(nodeIds, partitionCount);
        const after = homesOf([...nodeIds, "JOINER"], partitionCount);
        const gained = after.flatMap((homes, partition) =>
          homes.filter((node) => !before[partition]?.includes(node)),
        );
        const mustMove = countsOf(["JOINER"], after.flat())[0] ?? 0;

        expect(mustMove).toBeGreaterThan(0);
        expect(gained.length).toBeLessThanOrEqual(2 * mustMove);
      }),
      { numRuns: numRuns(100) },
    );
  });

  it("spreads the copies almost as evenly as the partitions", () => {
    fc.assert(
      fc.property(anyNodeIds(4, 8), (nodeIds) => {
        const placed = homesOf(nodeIds, 256).flat();
        const mean = placed.length / nodeIds.length;

        expect(Math.max(...countsOf(nodeIds, placed))).toBeLessThanOrEqual(mean * 1.12);
      }),
      { numRuns: numRuns(50) },
    );
  });
});
