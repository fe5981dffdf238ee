import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { positionOf } from "./hash.ts";
import { childrenOf, differing, leafOf, MerkleTree } from "./merkle-tree.ts";
import { numRuns } from "./state-fixture.ts";

type Data = ReadonlyMap<string, string>;

const hashOf = (text: string) => createHash("md5").update(text).digest("hex");

const anyData: fc.Arbitrary<Data> = fc
  .array(fc.tuple(fc.string({ maxLength: 4 }), fc.string({ maxLength: 2 })), { maxLength: 60 })
  .map((entries) => new Map(entries.map(([key, value]) => [key, hashOf(`${key} ${value}`)])));

const treeOf = (data: Iterable<readonly [string, string]>): MerkleTree => {
  const tree = new MerkleTree();
  for (const [key, hash] of data) tree.set(positionOf("b", key), undefined, hash);
  return tree;
};

/** The leaves that a descent from the root finds different. */
const differingLeaves = (ours: MerkleTree, theirs: MerkleTree): readonly number[] => {
  const inner = differing(ours, 1, childrenOf(0, 0), theirs.hashes(1, childrenOf(0, 0)));
  const leaves = inner.flatMap((index) => childrenOf(1, index));
  return differing(ours, 2, leaves, theirs.hashes(2, leaves));
};

describe("Merkle trees", () => {
  it("are equal for equal data in whatever order it came", () => {
    fc.assert(
      fc.property(anyData, fc.infiniteStream(fc.nat()), (data, chances) => {
        const shuffled = [...data]
          .map((entry) => ({ entry, chance: chances.next().value ?? 0 }))
          .toSorted((a, b) => a.chance - b.chance)
          .map(({ entry }) => entry);

        expect(treeOf(shuffled).root).toBe(treeOf(data).root);
      }),
      { numRuns: numRuns(200) },
    );
  });

  it("are equal to a fresh tree after any changes in place", () => {
    fc.assert(
      fc.property(anyData, anyData, (before, after) => {
        const tree = treeOf(before);

        for (const key of new Set([...before.keys(), ...after.keys()])) {
          tree.set(positionOf("b", key), before.get(key), after.get(key));
        }

        expect(tree.root).toBe(treeOf(after).root);
        expect(differingLeaves(tree, treeOf(after))).toEqual([]);
      }),
      { numRuns: numRuns(200) },
    );
  });

  it("differ in exactly the leaves of the keys that differ", () => {
    fc.assert(
      fc.property(anyData, anyData, (a, b) => {
        const keys = [...new Set([...a.keys(), ...b.keys()])].filter((key) => a.get(key) !== b.get(key));
        const expected = [...new Set(keys.map((key) => leafOf(positionOf("b", key))))];

        const found = differingLeaves(treeOf(a), treeOf(b));

        expect(found.toSorted()).toEqual(expected.toSorted());
        expect(treeOf(a).root === treeOf(b).root).toBe(expected.length === 0);
      }),
      { numRuns: numRuns(200) },
    );
  });
});
