/**
 * Takes one partition out as a file, and takes such a file in.
 *
 * A snapshot is read page by page while writes go on. Every state in it was this node's at some moment between its
 * beginning and its end, and that is all that can be asked where no operation spans two keys. Taking a file in is
 * merging: nothing newer is lost, and keys whose homes are elsewhere are left out.
 */
import { decodePartition, encodePartition, type PartitionKey } from "../core/partition-file.ts";
import type { Disk } from "./disk.ts";
import type { Identity } from "./identity.ts";
import type { Placements } from "./placement.ts";
import type { Records } from "./records.ts";
import type { Replica } from "./replica.ts";
import { keyNameOf, partitionPrefix } from "./storage-key.ts";

export type SnapshotOutcome =
  | { readonly type: "ok"; readonly bytes: Uint8Array; readonly keyCount: number }
  | { readonly type: "failed"; readonly reason: string };

export type RestoreOutcome =
  | { readonly type: "ok"; readonly mergedCount: number; readonly foreignCount: number }
  /** `mergedCount` of the keys are here all the same; to take the file in again does no harm. */
  | { readonly type: "failed"; readonly reason: string; readonly mergedCount: number };

export type ArchiveParts = {
  readonly clusterId: string;
  readonly disk: Disk;
  readonly identity: Identity;
  readonly placements: Placements;
  readonly records: Records;
  readonly replica: Replica;
};

/** Of a file, which is made and checked in memory. */
export const archiveBytesMax = 256 * 1024 * 1024;
const pageSize = 256;
const mergesAtOnce = 64;

export class Archive {
  readonly #parts: ArchiveParts;

  constructor(parts: ArchiveParts) {
    this.#parts = parts;
  }

  /** Unreadable records are left out; their keys are for the other homes to bring back. */
  async snapshot(partition: number): Promise<SnapshotOutcome> {
    const { clusterId, disk, identity, placements, records } = this.#parts;
    const { partitionCount } = placements.ring;
    const keys: PartitionKey[] = [];
    let byteCount = 0;
    let after: string | undefined;
    for (;;) {
      const prefix = partitionPrefix(partition);
      const range = after === undefined ? { prefix } : { prefix, after };
      const scanned = await disk.scan("values", { ...range, limit: pageSize });
      if (scanned.type === "failed") return scanned;
      for (const { key, read } of scanned.entries) {
        const loaded = records.decode("values", key, read);
        if (loaded.type !== "found") continue;
        byteCount += loaded.byteCount + key.length;
        keys.push({ ...keyNameOf(key), state: loaded.record.state });
      }
      if (byteCount > archiveBytesMax)
        return { type: "failed", reason: "the partition is too large for one file" };
      after = scanned.entries.at(-1)?.key;
      if (after === undefined) break;
    }
    const { nodeId, incarnation } = identity;
    const origin = { clusterId, nodeId, incarnation, partition, partitionCount };
    return { type: "ok", bytes: encodePartition({ origin, keys }), keyCount: keys.length };
  }

  async restore(bytes: Uint8Array): Promise<RestoreOutcome> {
    const { clusterId, placements, replica } = this.#parts;
    const file = decodePartition(bytes);
    if (file === undefined) return refused("the file is no snapshot, or is damaged");
    if (file.origin.clusterId !== clusterId) {
      return refused(`the snapshot is of the cluster ${file.origin.clusterId}`);
    }
    const own = file.keys.filter((name) => placements.of(name).writing.homes.includes(placements.self));
    let mergedCount = 0;
    for (let start = 0; start < own.length; start += mergesAtOnce) {
      const batch = own.slice(start, start + mergesAtOnce);
      const merged = await Promise.all(
        batch.map(({ bucket, key, state }) => replica.merge({ bucket, key }, state, "synced")),
      );
      mergedCount += merged.filter(({ type }) => type === "stored").length;
      if (merged.some(({ type }) => type === "refused")) {
        return { type: "failed", reason: "the disk refused some of the keys", mergedCount };
      }
    }
    return { type: "ok", mergedCount, foreignCount: file.keys.length - own.length };
  }
}

function refused(reason: string): RestoreOutcome {
  return { type: "failed", reason, mergedCount: 0 };
}
