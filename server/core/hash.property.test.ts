import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partitionOf, positionAt } from "./hash.ts";
import { numRuns } from "./state-fixture.ts";

const ring = 2n ** 128n;

/** Positions anywhere, and positions within one of a boundary. */
const anyPlace = fc.integer({ min: 1, max: 4096 }).chain((partitionCount) => {
  const anywhere = fc.bigInt({ min: 0n, max: ring - 1n });
  const nearBoundary = fc
    .tuple(fc.nat({ max: partitionCount }), fc.integer({ min: -1, max: 1 }))
    .map(([index, offset]) => {
      const number = (BigInt(index) * ring) / BigInt(partitionCount) + BigInt(offset);
      return ((number % ring) + ring) % ring;
    });
  return fc.record({
    partitionCount: fc.constant(partitionCount),
    number: fc.oneof(anywhere, nearBoundary),
  });
});

describe("partitionOf", () => {
  it("is the partition whose half-open range (start, end] holds the position", () => {
    fc.assert(
      fc.property(anyPlace, ({ partitionCount, number }) => {
        const partition = BigInt(partitionOf(positionAt(number), partitionCount));
        const place = number === 0n ? ring : number;

        // start < place <= end, multiplied by the number of partitions.
        expect(partition * ring < place * BigInt(partitionCount)).toBe(true);
        expect(place * BigInt(partitionCount) <= (partition + 1n) * ring).toBe(true);
      }),
      { numRuns: numRuns(2000) },
    );
  });
});
