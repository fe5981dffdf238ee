import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { preferenceLists } from "./preference-list.ts";
import { numRuns } from "./state-fixture.ts";
import { ringFor } from "./strategy.ts";
import { type TreeChange, type TreeSize, transferPlanOf } from "./transfer-plan.ts";

const names = ["a", "b", "__proto__", "constructor", "toString", "f", "g", "h"];
const partitions = 8;
const copies = 3;

function listsOf(ids: readonly string[]) {
  const members = ids.map((nodeId, seat) => ({ nodeId, seat }));
  return preferenceLists(ringFor(members, { strategy: 3, partitions }, copies), copies);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The trees of a ring at rest whose members change; the holders are the homes before, as far as they stay. */
function changeOf(before: readonly string[], after: readonly string[], alive = after): TreeChange[] {
  const [old, next] = [listsOf(before), listsOf(after)];
  return old.map(({ homes: homesBefore }, partition) => {
    const homesAfter = next[partition]?.homes ?? [];
    const holders = homesBefore.filter((node) => alive.includes(node));
    const lacking = homesAfter.filter((node) => !holders.includes(node));
    return { partition, copies, homesBefore, homesAfter, holders, lacking };
  });
}

const anyMembers = fc.shuffledSubarray(names, { minLength: copies, maxLength: names.length });
const anySizes: fc.Arbitrary<ReadonlyMap<string, TreeSize>> = fc
  .array(fc.record({ keyCount: fc.nat(1000), byteCount: fc.nat(1e6) }), { maxLength: partitions })
  .map((sizes) => new Map(sizes.map((size, partition) => [`${partition}/${copies}`, size])));

describe("a transfer plan", () => {
  it("gives every home what it lacks, each copy once, from somebody who has it", () => {
    fc.assert(
      fc.property(anyMembers, anyMembers, anySizes, (before, after, sizes) => {
        const changes = changeOf(before, after, [...new Set([...before, ...after])]);

        const { moves } = transferPlanOf(changes, sizes);

        for (const { partition, homesAfter, holders } of changes) {
          const here = moves.filter((move) => move.partition === partition);
          expect(here.map(({ to }) => to)).toEqual(homesAfter.filter((node) => !holders.includes(node)));
          for (const { from } of here) expect(holders).toContain(from);
          const given = here.filter(({ isKept }) => !isKept).map(({ from }) => from);
          expect(new Set(given).size).toBe(given.length);
          for (const from of given) expect(homesAfter).not.toContain(from);
        }
      }),
      { numRuns: numRuns(40) },
    );
  });

  it("adds up: what a node has after is what it had, with what it takes and without what it gives", () => {
    fc.assert(
      fc.property(anyMembers, anyMembers, anySizes, (before, after, sizes) => {
        const plan = transferPlanOf(changeOf(before, after, [...new Set([...before, ...after])]), sizes);

        for (const share of plan.nodes) expect(share.after).toBe(share.before + share.takes - share.gives);
        expect(sumOf(plan.nodes.map(({ takes }) => takes))).toBe(plan.moves.length);
        expect(sumOf(plan.nodes.map(({ takesBytes }) => takesBytes))).toBe(plan.byteCount);
        const known = plan.moves.filter(({ partition }) => sizes.has(`${partition}/${copies}`));
        expect(plan.unknownCount).toBe(plan.moves.length - known.length);
      }),
      { numRuns: numRuns(40) },
    );
  });

  it("of no change is empty", () => {
    fc.assert(
      fc.property(anyMembers, anySizes, (members, sizes) => {
        const plan = transferPlanOf(changeOf(members, members), sizes);

        expect([plan.moves, plan.byteCount, plan.unknownCount]).toEqual([[], 0, 0]);
        expect(plan.fewestHolders).toBe(copies);
      }),
      { numRuns: numRuns(20) },
    );
  });

  it("of a node that is gone copies from those who are left, and says how few they are", () => {
    const changes = changeOf(["a", "b", "f", "g"], ["a", "b", "f"]);

    const plan = transferPlanOf(changes, new Map());

    expect(plan.moves.length).toBeGreaterThan(0);
    expect(plan.moves.every(({ from, isKept }) => from !== "g" && isKept)).toBe(true);
    expect(plan.fewestHolders).toBe(2);
  });

  it("lets a tree that nobody has any more begin empty", () => {
    const changes = changeOf(["a", "b", "f"], ["a", "b", "f"], []);

    const { moves, keyCount, unknownCount, fewestHolders } = transferPlanOf(changes, new Map());

    expect(moves.map(({ from }) => from)).toEqual(moves.map(() => null));
    expect([moves.length, keyCount, unknownCount, fewestHolders]).toEqual([partitions * copies, 0, 0, 0]);
  });
});
