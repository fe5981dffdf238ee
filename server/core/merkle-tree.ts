/**
 * The hash tree over one partition's keys (Dynamo §4.7): equal roots mean equal data, and where roots differ
 * the way down leads to the differing keys.
 *
 * The shape is fixed: 1,024 leaves under 32 inner nodes under one root, whatever the keys. A key's leaf is
 * told by the low bits of its position (the high ones are the same within a partition). A leaf is the sum of
 * the hashes of its keys' states, two words each added modulo 2^32, so the order of changes cannot show and
 * one change costs one subtraction and one addition. Inner nodes hash their children when asked. Two trees
 * over the same data are equal.
 *
 * A class that changes in place, for speed; all it knows are the hashes it was told.
 */
import { hash } from "node:crypto";
import { type Position, wordOf } from "./hash.ts";
import type { StateHash } from "./state-hash.ts";

export const leafCount = 1024;
export const innerCount = 32;
const fanOut = leafCount / innerCount;

/** 0 the root, 1 the inner nodes, 2 the leaves. */
export type TreeLevel = 0 | 1 | 2;

/** The leaf of a key. */
export function leafOf(position: Position): number {
  return wordOf(position, 12) % leafCount;
}

export class MerkleTree {
  /** Two per leaf; made when the first key arrives. */
  #sums: Uint32Array | undefined;
  /** Hashes of the inner nodes, then the root; "" where a leaf below has changed. */
  readonly #cache: string[] = [...emptyHashes];

  /** A key's state changed from `before` to `after`; undefined where there was or is none. */
  set(position: Position, before: StateHash | undefined, after: StateHash | undefined): void {
    if (before === after) return;
    const leaf = leafOf(position);
    this.#sums ??= new Uint32Array(leafCount * 2);
    if (before !== undefined) addTo(this.#sums, leaf, before, -1);
    if (after !== undefined) addTo(this.#sums, leaf, after, 1);
    this.#cache[Math.floor(leaf / fanOut)] = "";
    this.#cache[innerCount] = "";
  }

  /** Sixteen hexadecimal digits. */
  get root(): string {
    return this.#cached(innerCount, () => this.hashes(1, everyInner).join(""));
  }

  /** The hashes of these nodes of a level, in the order asked; "" for an index that does not exist. */
  hashes(level: TreeLevel, indexes: readonly number[]): readonly string[] {
    return indexes.map((index) => this.#hashAt(level, index));
  }

  #hashAt(level: TreeLevel, index: number): string {
    if (!isNode(level, index)) return "";
    switch (level) {
      case 0:
        return this.root;
      case 1:
        return this.#cached(index, () => this.hashes(2, childrenOf(1, index)).join(""));
      case 2:
        return hexOf(this.#sums?.[index * 2] ?? 0) + hexOf(this.#sums?.[index * 2 + 1] ?? 0);
    }
  }

  #cached(slot: number, contentOf: () => string): string {
    const known = this.#cache[slot];
    if (known !== undefined && known !== "") return known;
    const made = digestOf(contentOf());
    this.#cache[slot] = made;
    return made;
  }
}

/** The children of a node, in order; none for a leaf or a node that does not exist. */
export function childrenOf(level: TreeLevel, index: number): readonly number[] {
  if (level === 2 || !isNode(level, index)) return [];
  const count = level === 0 ? innerCount : fanOut;
  return Array.from({ length: count }, (_, child) => index * count + child);
}

/** Of `indexes`, those whose hash differs; `theirs` is what a peer answered for the same indexes. */
export function differing(
  tree: MerkleTree,
  level: TreeLevel,
  indexes: readonly number[],
  theirs: readonly string[],
): readonly number[] {
  const ours = tree.hashes(level, indexes);
  return indexes.filter((_, position) => ours[position] !== theirs[position]);
}

const everyInner = Array.from({ length: innerCount }, (_, index) => index);

/** What a tree of no keys begins with, and most trees of a small store keep for most of their nodes. */
const emptyHashes = (() => {
  const inner = Array.from({ length: innerCount }, () => digestOf("0".repeat(16 * fanOut)));
  return [...inner, digestOf(inner.join(""))];
})();

function digestOf(content: string): string {
  return hash("md5", content, "hex").slice(0, 16);
}

function isNode(level: TreeLevel, index: number): boolean {
  const count = level === 0 ? 1 : level === 1 ? innerCount : leafCount;
  return Number.isInteger(index) && index >= 0 && index < count;
}

function addTo(sums: Uint32Array, leaf: number, stateHash: StateHash, sign: 1 | -1): void {
  const high = Number.parseInt(stateHash.slice(0, 8), 16);
  const low = Number.parseInt(stateHash.slice(8, 16), 16);
  // Storing into a Uint32Array takes the value modulo 2^32, of negative ones too.
  sums[leaf * 2] = (sums[leaf * 2] ?? 0) + sign * high;
  sums[leaf * 2 + 1] = (sums[leaf * 2 + 1] ?? 0) + sign * low;
}

function hexOf(word: number): string {
  return word.toString(16).padStart(8, "0");
}
