/**
 * What a node needs of a disk: an ordered map from text keys to bytes, in named spaces, written in atomic batches.
 *
 * Records are opaque here; what a key state or a hint looks like is decided above. Each record is stored with a
 * CRC32C of its own by every implementation, so that a damaged one is told apart from a missing one: `corrupt` is
 * amnesia, `absent` is knowledge, and to confuse the two loses acknowledged writes.
 */

/**
 * values: key states · hints: writes kept for others · trees: saved Merkle trees · meta: identity, boot, leases ·
 * quarantine: damaged records, as they were found.
 */
export type Space = "values" | "hints" | "trees" | "meta" | "quarantine";

/**
 * A record of `meta` that a store puts there itself when it opens and notices that records are gone which it cannot
 * name: one sentence, UTF-8. It stays until the node has drawn its conclusions and deletes it.
 */
export const lossKey = "loss";

export type Write =
  | { readonly type: "put"; readonly space: Space; readonly key: string; readonly bytes: Uint8Array }
  | { readonly type: "delete"; readonly space: Space; readonly key: string };

/** `synced`: on stable storage, survives a power cut. `buffered`: handed to the operating system or to memory only. */
export type Durability = "synced" | "buffered";

export type ReadOutcome =
  | { readonly type: "found"; readonly bytes: Uint8Array }
  | { readonly type: "absent" }
  /** `bytes`: what stands there, where that could be read. */
  | { readonly type: "corrupt"; readonly reason: string; readonly bytes?: Uint8Array }
  | { readonly type: "failed"; readonly reason: string };

/**
 * `fatal`: a sync failed or may have, and the system may have dropped pages that it reports as clean; nothing written
 * before counts as certain, and the process has to end. Else the disk is full, or refuses for now.
 * The batch may or may not be there after a restart; the node must not acknowledge it.
 */
export type WriteOutcome =
  | { readonly type: "written"; readonly durability: Durability }
  | { readonly type: "failed"; readonly reason: string; readonly fatal: boolean };

export type Entry = { readonly key: string; readonly read: ReadOutcome };

export type Recovery = { readonly type: "recovered" } | { readonly type: "failed"; readonly reason: string };

export interface Storage {
  read(space: Space, key: string): Promise<ReadOutcome>;

  /**
   * Applies all of `batch` or none of it. Resolves only when `durability` holds, or says what it did reach where
   * there is nothing to sync to (memory). Concurrent calls share one sync and take effect in the order of the calls.
   */
  write(batch: readonly Write[], durability: Durability): Promise<WriteOutcome>;

  /**
   * At most `limit` records of `space` with from <= key < to, in ascending order of key (by code unit of UTF-8
   * bytes). A corrupt record is listed as such. Rejects when the space cannot be read at all or the store is
   * closed: a shorter list would be taken for knowledge.
   */
  scan(space: Space, range: { from: string; to: string; limit: number }): Promise<readonly Entry[]>;

  /**
   * After a failed write that was not fatal: opens the store anew, so that what is read from now on is what the disk
   * holds. Writes fail until this has succeeded. May be called again and again; reads may fail while it is under way.
   */
  recover(): Promise<Recovery>;

  /** Waits for writes in progress, then gives the disk back. Reads and writes fail afterwards. */
  close(): Promise<void>;
}
