/**
 * The names of keys and trees: a key's in a storage, where a partition is a range, and a tree's in a table.
 */
import type { KeyName, TreeName } from "../rpc/messages.ts";

/** Bucket names are escaped, so the first slash after the partition ends the bucket; keys may hold anything. */
export function storageKeyOf(partition: number, { bucket, key }: KeyName): string {
  return `${partitionPrefix(partition)}${encodeURIComponent(bucket)}/${key}`;
}

export function keyNameOf(storageKey: string): KeyName {
  const bucketEnd = storageKey.indexOf("/", 5);
  return { bucket: decodeURIComponent(storageKey.slice(5, bucketEnd)), key: storageKey.slice(bucketEnd + 1) };
}

/** `partition/copies` */
export function treeId({ partition, copies }: TreeName): string {
  return `${partition}/${copies}`;
}

/** Of a storage key; all of a partition's keys begin with it. */
export function partitionPrefix(partition: number): string {
  return `${String(partition).padStart(4, "0")}/`;
}
