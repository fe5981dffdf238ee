/**
 * The Merkle trees of everything this node is a home of, one for each partition and number of copies.
 *
 * A tree knows only sums; beside it stands the hash of each key, which makes every change exact (old hash out, new
 * hash in), makes a scan of the store safe to run beside changes, and lists the keys of a differing leaf without
 * touching the disk. Trees are never saved: a saved tree that survives a crash its data did not is worse than none.
 */
import { positionOf } from "../core/hash.ts";
import { leafOf, MerkleTree, type TreeLevel } from "../core/merkle-tree.ts";
import type { StateHash } from "../core/state-hash.ts";
import type { DifferingKey, KeyName, TreeName } from "../rpc/messages.ts";
import { keyNameOf, type Placement } from "./placement.ts";

/** One tree with the hash of each of its keys, by storage key. */
export type PlantedTree = { readonly tree: MerkleTree; readonly hashes: ReadonlyMap<string, StateHash> };

type GrowingTree = { readonly tree: MerkleTree; readonly hashes: Map<string, StateHash> };

export class Forest {
  /** False until every record of the store is in; until then the trees say nothing and nobody may compare them. */
  isBuilt = false;
  readonly #trees = new Map<string, GrowingTree>();

  /** The key's state on disk now has this hash. */
  set(placement: Placement, name: KeyName, hash: StateHash): void {
    const { tree, hashes } = this.#treeOf(placement.tree);
    tree.set(positionOf(name.bucket, name.key), hashes.get(placement.storageKey), hash);
    hashes.set(placement.storageKey, hash);
  }

  /** As `set`, for a record found by a scan, which is older than any change noticed meanwhile. */
  setIfUnknown(placement: Placement, name: KeyName, hash: StateHash): void {
    if (!this.#treeOf(placement.tree).hashes.has(placement.storageKey)) this.set(placement, name, hash);
  }

  has(placement: Placement): boolean {
    return this.#treeOf(placement.tree).hashes.has(placement.storageKey);
  }

  /** The key's record cannot be read any more; to the trees it is not there. */
  forget(placement: Placement, name: KeyName): void {
    const { tree, hashes } = this.#treeOf(placement.tree);
    tree.set(positionOf(name.bucket, name.key), hashes.get(placement.storageKey), undefined);
    hashes.delete(placement.storageKey);
  }

  get keyCount(): number {
    let count = 0;
    for (const { hashes } of this.#trees.values()) count += hashes.size;
    return count;
  }

  treeOf(name: TreeName): PlantedTree {
    return this.#treeOf(name);
  }

  rootOf(name: TreeName): string {
    return this.#treeOf(name).tree.root;
  }

  hashesOf(name: TreeName, level: number, indexes: readonly number[]): readonly string[] {
    return isTreeLevel(level) ? this.#treeOf(name).tree.hashes(level, indexes) : indexes.map(() => "");
  }

  /** Every key below these leaves, in the order of the names. */
  keysBelow(name: TreeName, leaves: readonly number[]): readonly DifferingKey[] {
    const wanted = new Set(leaves);
    const keys: DifferingKey[] = [];
    for (const [storageKey, hash] of this.#treeOf(name).hashes) {
      const key = keyNameOf(storageKey);
      if (wanted.has(leafOf(positionOf(key.bucket, key.key)))) keys.push({ ...key, hash });
    }
    return keys.toSorted(compareNames);
  }

  #treeOf(name: TreeName): GrowingTree {
    const id = treeId(name);
    const known = this.#trees.get(id);
    if (known !== undefined) return known;
    const planted: GrowingTree = { tree: new MerkleTree(), hashes: new Map() };
    this.#trees.set(id, planted);
    return planted;
  }
}

/** `partition/copies` */
export function treeId({ partition, copies }: TreeName): string {
  return `${partition}/${copies}`;
}

/** By bucket, then key, by code unit. */
export function compareNames(a: KeyName, b: KeyName): number {
  if (a.bucket !== b.bucket) return a.bucket < b.bucket ? -1 : 1;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}

function isTreeLevel(level: number): level is TreeLevel {
  return level === 0 || level === 1 || level === 2;
}
