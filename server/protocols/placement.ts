/**
 * Where a key belongs: its bucket's settings, its partition, its N homes and the fallbacks after them, and the name
 * under which a disk keeps it.
 *
 * The ring is made of the configured members alone. When members can join and leave, this is the one place that
 * learns of a new ring; everything else asks here for every key.
 */
import { type BucketConfig, defaultBucket, type NodeConfig } from "../config.ts";
import { assign } from "../core/claim.ts";
import { partitionOf, positionOf } from "../core/hash.ts";
import { type PreferenceList, preferenceLists } from "../core/preference-list.ts";
import { type Ring, ringOf } from "../core/ring.ts";
import type { NodeId } from "../ports/network.ts";
import type { KeyName, TreeName } from "../rpc/messages.ts";

export type Placement = PreferenceList & {
  readonly bucket: BucketConfig;
  readonly tree: TreeName;
  /** `partition/bucket/key`: a partition is a range of the store. */
  readonly storageKey: string;
};

const knownCountMax = 10_000;

export class Placements {
  readonly ring: Ring;
  readonly self: NodeId;
  readonly #buckets: ReadonlyMap<string, BucketConfig>;
  readonly #lists = new Map<number, readonly PreferenceList[]>();
  /** Placements lately asked for: every protocol a request passes through asks again. */
  readonly #known = new Map<string, Placement>();

  constructor(config: NodeConfig) {
    const members = config.members.map(({ nodeId }) => ({ nodeId }));
    const ids = members.map(({ nodeId }) => nodeId);
    const owners = assign(members, config.partitionCount, defaultBucket.n);
    this.ring = ringOf(ids, config.partitionCount, owners);
    this.self = config.nodeId;
    this.#buckets = config.buckets;
  }

  bucket(name: string): BucketConfig {
    return this.#buckets.get(name) ?? this.#buckets.get("default") ?? defaultBucket;
  }

  of(name: KeyName): Placement {
    const id = `${name.bucket}\0${name.key}`;
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const placement = this.#place(name);
    if (this.#known.size >= knownCountMax) this.#known.clear();
    this.#known.set(id, placement);
    return placement;
  }

  #place({ bucket: name, key }: KeyName): Placement {
    const bucket = this.bucket(name);
    const partition = partitionOf(positionOf(name, key), this.ring.partitionCount);
    const tree = { partition, copies: bucket.n };
    return { ...this.listOf(tree), bucket, tree, storageKey: storageKeyOf(partition, { bucket: name, key }) };
  }

  /** Homes and fallbacks of all keys of one tree. */
  listOf({ partition, copies }: TreeName): PreferenceList {
    const lists = this.#lists.get(copies) ?? preferenceLists(this.ring, copies);
    this.#lists.set(copies, lists);
    return lists[partition] ?? { homes: [], fallbacks: [] };
  }

  /** The trees that both nodes are homes of, for every number of copies that some bucket keeps; in order. */
  sharedTrees(a: NodeId, b: NodeId): readonly TreeName[] {
    const shared: TreeName[] = [];
    const copyCounts = [this.bucket("default"), ...this.#buckets.values()].map((bucket) => bucket.n);
    for (const copies of [...new Set(copyCounts)].toSorted((x, y) => x - y)) {
      for (let partition = 0; partition < this.ring.partitionCount; partition += 1) {
        const { homes } = this.listOf({ partition, copies });
        if (homes.includes(a) && homes.includes(b)) shared.push({ partition, copies });
      }
    }
    return shared;
  }
}

/** Bucket names are escaped, so the first slash after the partition ends the bucket; keys may hold anything. */
export function storageKeyOf(partition: number, { bucket, key }: KeyName): string {
  return `${String(partition).padStart(4, "0")}/${encodeURIComponent(bucket)}/${key}`;
}

export function keyNameOf(storageKey: string): KeyName {
  const bucketEnd = storageKey.indexOf("/", 5);
  return { bucket: decodeURIComponent(storageKey.slice(5, bucketEnd)), key: storageKey.slice(bucketEnd + 1) };
}
