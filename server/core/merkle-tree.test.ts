import { describe, expect, it } from "vitest";
import { positionAt } from "./hash.ts";
import { childrenOf, differing, leafOf, MerkleTree } from "./merkle-tree.ts";

const ones = "1".repeat(32);
const twos = "2".repeat(32);
const position = positionAt(5n);

describe("a Merkle tree", () => {
  it("puts a key in the leaf of its position's low bits", () => {
    expect(leafOf(positionAt(5n))).toBe(5);
    expect(leafOf(positionAt(1024n * 7n + 3n))).toBe(3);
    expect(leafOf(positionAt(2n ** 128n - 1n))).toBe(1023);
  });

  it("changes its root with a state, and changes it back", () => {
    const tree = new MerkleTree();
    const empty = tree.root;

    tree.set(position, undefined, ones);
    const filled = tree.root;
    tree.set(position, ones, twos);
    const changed = tree.root;
    tree.set(position, twos, undefined);

    expect(new Set([empty, filled, changed]).size).toBe(3);
    expect(tree.root).toBe(empty);
  });

  it("tells the same hash twice in a leaf from none", () => {
    const tree = new MerkleTree();
    const empty = tree.root;

    tree.set(position, undefined, ones);
    tree.set(position, undefined, ones);

    expect(tree.root).not.toBe(empty);
  });

  it("leads from the root to the leaf that differs", () => {
    const ours = new MerkleTree();
    const theirs = new MerkleTree();
    theirs.set(positionAt(70n), undefined, ones);

    const inner = differing(ours, 1, childrenOf(0, 0), theirs.hashes(1, childrenOf(0, 0)));
    const leaves = differing(ours, 2, childrenOf(1, 2), theirs.hashes(2, childrenOf(1, 2)));

    expect(ours.root).not.toBe(theirs.root);
    expect(inner).toEqual([2]);
    expect(leaves).toEqual([70]);
  });

  it("has nothing to say of nodes that do not exist", () => {
    const tree = new MerkleTree();

    expect(tree.hashes(2, [-1, 1024, 0.5])).toEqual(["", "", ""]);
    expect(tree.hashes(0, [0, 1])).toEqual([tree.root, ""]);
    expect(childrenOf(2, 0)).toEqual([]);
    expect(childrenOf(1, 32)).toEqual([]);
  });
});
