import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeDots, rememberWrites } from "./recent-writes.ts";
import { numRuns } from "./state-fixture.ts";
import { type RecentWrite, recentCountMax, type Sibling } from "./versions.ts";

/** Few names and few ranks, so that copies of one write and neighbours in age meet often. */
const anyWrite: fc.Arbitrary<RecentWrite> = fc
  .tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom("x", "y"), fc.integer({ min: 0, max: 2 }))
  .map(([age, actor, late]) => ({
    writeId: `w${age}`,
    dots: [{ actor, counter: age + 1 }],
    rank: age + late,
  }));

const anyMemory = (most: number): fc.Arbitrary<readonly RecentWrite[]> =>
  fc.uniqueArray(anyWrite, { selector: ({ writeId }) => writeId, maxLength: most }).map(inOrder);

describe("the memory of superseded writes", () => {
  it("is the union by name of both sides and of what was superseded just now, the latest kept", () => {
    fc.assert(
      fc.property(anyMemory(12), anyMemory(12), anyMemory(2), (a, b, superseded) => {
        expect(rememberWrites(a, b, superseded.map(siblingOf))).toEqual(unionOf([...a, ...b, ...superseded]));
      }),
      { numRuns: numRuns(500) },
    );
  });

  it("is so where one side has all that the other has, at every length up to the most it may have", () => {
    const length = fc.integer({ min: 0, max: recentCountMax });
    fc.assert(
      fc.property(length, length, fc.boolean(), (all, missing, isLatestMissing) => {
        const whole = Array.from({ length: all }, (_, age) => writeOf(age));
        const part = isLatestMissing ? whole.slice(0, -missing || undefined) : whole.slice(missing);
        const superseded = writeOf(all);

        const remembered = rememberWrites(whole, [...part, superseded], [siblingOf(superseded)]);

        expect(remembered).toEqual(unionOf([...whole, superseded]));
      }),
      { numRuns: numRuns(100) },
    );
  });
});

function writeOf(age: number): RecentWrite {
  return { writeId: `w${age}`, dots: [{ actor: "x", counter: age + 1 }], rank: age + 1 };
}

function siblingOf(write: RecentWrite): Sibling {
  return { ...write, value: null, wallMs: 0 };
}

function unionOf(writes: readonly RecentWrite[]): readonly RecentWrite[] {
  const byName = new Map<string, RecentWrite>();
  for (const write of writes) {
    const known = byName.get(write.writeId) ?? write;
    const dots = mergeDots(known.dots, write.dots);
    byName.set(write.writeId, { writeId: write.writeId, dots, rank: Math.max(known.rank, write.rank) });
  }
  return inOrder([...byName.values()]).slice(-recentCountMax);
}

function inOrder(writes: readonly RecentWrite[]): readonly RecentWrite[] {
  return writes.toSorted((a, b) => a.rank - b.rank || (a.writeId < b.writeId ? -1 : 1));
}
