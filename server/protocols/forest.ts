/**
 * The Merkle trees of everything this node is a home of, one for each partition and number of copies.
 *
 * A tree knows only sums; beside it stands the hash of each key, which makes every change exact (old hash out, new
 * hash in), makes a scan of the store safe to run beside changes, and lists the keys of a differing leaf without
 * touching the disk. Trees are saved at a clean stop only (`saved-trees.ts`).
 */
import { positionOf } from "../core/hash.ts";
import { leafOf, MerkleTree, type TreeLevel } from "../core/merkle-tree.ts";
import type { StateHash } from "../core/state-hash.ts";
import type { DifferingKey, KeyName, TreeName } from "../rpc/messages.ts";
import { keyNameOf, treeId } from "./storage-key.ts";

/** The part of a placement that says where a key's hash goes. */
export type PlacedKey = { readonly tree: TreeName; readonly storageKey: string };

/** One tree with the hash of each of its keys, by storage key. */
export type PlantedTree = { readonly tree: MerkleTree; readonly hashes: ReadonlyMap<string, StateHash> };

type GrowingTree = {
  readonly name: TreeName;
  readonly tree: MerkleTree;
  readonly hashes: Map<string, StateHash>;
};

export class Forest {
  /** False until every record of the store is in; until then the trees say nothing and nobody may compare them. */
  isBuilt = false;
  readonly #trees = new Map<string, GrowingTree>();

  /** The key's state on disk now has this hash. */
  set(place: PlacedKey, name: KeyName, hash: StateHash): void {
    const { tree, hashes } = this.#treeOf(place.tree);
    tree.set(positionOf(name.bucket, name.key), hashes.get(place.storageKey), hash);
    hashes.set(place.storageKey, hash);
  }

  /** As `set`, for a record found by a scan, which is older than any change noticed meanwhile. */
  setIfUnknown(place: PlacedKey, name: KeyName, hash: StateHash): void {
    if (!this.#treeOf(place.tree).hashes.has(place.storageKey)) this.set(place, name, hash);
  }

  /** The storage keys of a partition, in all its trees. */
  keysOf(partition: number): readonly string[] {
    return [...this.#trees.values()]
      .filter(({ name }) => name.partition === partition)
      .flatMap(({ hashes }) => [...hashes.keys()]);
  }

  /** Every tree with a key in it, to be saved. */
  planted(): readonly {
    readonly id: string;
    readonly tree: TreeName;
    readonly hashes: ReadonlyMap<string, StateHash>;
  }[] {
    return [...this.#trees.values()]
      .filter(({ hashes }) => hashes.size > 0)
      .map(({ name, hashes }) => ({ id: treeId(name), tree: name, hashes }));
  }

  has(place: PlacedKey): boolean {
    return this.#treeOf(place.tree).hashes.has(place.storageKey);
  }

  /** The hash of the key's state on disk, as far as the trees know it. */
  hashOf(place: PlacedKey): StateHash | undefined {
    return this.#treeOf(place.tree).hashes.get(place.storageKey);
  }

  /** The key's record cannot be read any more; to the trees it is not there. */
  forget(place: PlacedKey, name: KeyName): void {
    const { tree, hashes } = this.#treeOf(place.tree);
    tree.set(positionOf(name.bucket, name.key), hashes.get(place.storageKey), undefined);
    hashes.delete(place.storageKey);
  }

  /** Nothing is known any more; to be grown again. */
  clear(): void {
    this.isBuilt = false;
    this.#trees.clear();
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

  /** Of every tree that has a key here. */
  names(): readonly TreeName[] {
    return [...this.#trees.values()].flatMap(({ name, hashes }) => (hashes.size > 0 ? [name] : []));
  }

  /** Every key of a tree. */
  namesIn(name: TreeName): readonly KeyName[] {
    return [...this.#treeOf(name).hashes.keys()].map(keyNameOf);
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
    const { partition, copies } = name;
    const planted: GrowingTree = { name: { partition, copies }, tree: new MerkleTree(), hashes: new Map() };
    this.#trees.set(id, planted);
    return planted;
  }
}

/** By bucket, then key, by code unit. */
export function compareNames(a: KeyName, b: KeyName): number {
  if (a.bucket !== b.bucket) return a.bucket < b.bucket ? -1 : 1;
  return a.key === b.key ? 0 : a.key < b.key ? -1 : 1;
}

function isTreeLevel(level: number): level is TreeLevel {
  return level === 0 || level === 1 || level === 2;
}
