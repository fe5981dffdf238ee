import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeDots, mergeMemories, rememberWrites } from "./recent-writes.ts";
import { numRuns } from "./state-fixture.ts";
import type { RecentWrite, Sibling } from "./versions.ts";
import { recentCountMax, WriteMemory } from "./write-memory.ts";

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
  it("gives back and finds what it was made of, the latest of it and in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: recentCountMax + 9 }), fc.nat({ max: 20 }), (count, most) => {
        const writes = Array.from({ length: count }, (_, age) => writeOf(age));
        const memory = writes.reduce((known, write) => known.and(write), WriteMemory.of([]));

        expect(memory).toEqual(WriteMemory.of(writes));
        expect(memory.latest()).toEqual(writes.slice(-recentCountMax));
        expect(memory.latest(most)).toEqual(most === 0 ? [] : writes.slice(-recentCountMax).slice(-most));
        expect(memory.find(`w${count - 1}`)).toEqual(writes.at(-1));
        expect(memory.find(`w${count}`)).toBeUndefined();
        expect(memory.find("w")).toBeUndefined();
      }),
      { numRuns: numRuns(50) },
    );
  });

  it("is the union by name of both sides and of what was superseded just now, the latest kept", () => {
    fc.assert(
      fc.property(anyMemory(12), anyMemory(12), anyMemory(2), (a, b, superseded) => {
        const siblings = superseded.map(siblingOf);
        const expected = unionOf([...a, ...b, ...superseded]);

        expect(mergeMemories(WriteMemory.of(a), WriteMemory.of(b), siblings)).toEqual(expected);
        expect(rememberWrites(WriteMemory.of(a), b, siblings)).toEqual(expected);
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

        const memory = WriteMemory.of(whole);
        const named = [...part, superseded];
        const expected = unionOf([...whole, superseded]);

        expect(mergeMemories(memory, WriteMemory.of(named), [siblingOf(superseded)])).toEqual(expected);
        expect(rememberWrites(memory, named, [siblingOf(superseded)])).toEqual(expected);
      }),
      { numRuns: numRuns(100) },
    );
  });
});

function writeOf(age: number): RecentWrite {
  // Another coordinator now and then, whose name goes when its last write does.
  const actor = age % 50 === 7 ? "y" : "x";
  return { writeId: `w${age}`, dots: [{ actor, counter: age + 1 }], rank: age + 1 };
}

function siblingOf(write: RecentWrite): Sibling {
  return { ...write, value: null, wallMs: 0 };
}

/** Made from scratch, so that what is compared is the bytes as well. */
function unionOf(writes: readonly RecentWrite[]): WriteMemory {
  const byName = new Map<string, RecentWrite>();
  for (const write of writes) {
    const known = byName.get(write.writeId) ?? write;
    const dots = mergeDots(known.dots, write.dots);
    byName.set(write.writeId, { writeId: write.writeId, dots, rank: Math.max(known.rank, write.rank) });
  }
  return WriteMemory.of(inOrder([...byName.values()]));
}

function inOrder(writes: readonly RecentWrite[]): readonly RecentWrite[] {
  return writes.toSorted((a, b) => a.rank - b.rank || (a.writeId < b.writeId ? -1 : 1));
}
