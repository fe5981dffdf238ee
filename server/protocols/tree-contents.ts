/**
 * The records of one tree on this node's disk: read piece by piece in storage order, and deleted one by one.
 *
 * A partition is a range of the store. Buckets that keep another number of copies lie in the same range and belong to
 * other trees, so they are passed over.
 */
import type { KeyState } from "../core/versions.ts";
import type { KeyName, TreeName } from "../rpc/messages.ts";
import type { Disk } from "./disk.ts";
import type { Forest } from "./forest.ts";
import type { Placements } from "./placement.ts";
import type { Records } from "./records.ts";
import { keyNameOf, partitionPrefix } from "./storage-key.ts";
import type { Tombstones } from "./tombstones.ts";

export type Piece = {
  readonly states: readonly (KeyName & { readonly state: KeyState })[];
  /** The storage key up to which everything is in this piece or an earlier one; null after the last. */
  readonly next: string | null;
  readonly byteCount: number;
};

export type TreeContentsParts = {
  readonly disk: Disk;
  readonly forest: Forest;
  readonly placements: Placements;
  readonly records: Records;
  readonly tombstones: Pick<Tombstones, "forget">;
};

export class TreeContents {
  readonly #parts: TreeContentsParts;

  constructor(parts: TreeContentsParts) {
    this.#parts = parts;
  }

  /** What follows `after`: at most `keysMax` keys and, but for a single one, `bytesMax` bytes. Undefined if unreadable. */
  async piece(
    { partition, copies }: TreeName,
    after: string | null,
    { keysMax, bytesMax }: { readonly keysMax: number; readonly bytesMax: number },
  ): Promise<Piece | undefined> {
    const { disk, placements, records } = this.#parts;
    const prefix = partitionPrefix(partition);
    const range = after === null ? { prefix } : { prefix, after };
    const scanned = await disk.scan("values", { ...range, limit: keysMax });
    if (scanned.type === "failed") return undefined;
    const states: Piece["states"][number][] = [];
    let byteCount = 0;
    for (const { key: storageKey, read } of scanned.entries) {
      const name = keyNameOf(storageKey);
      if (placements.bucket(name.bucket).n !== copies) continue;
      const loaded = records.decode("values", storageKey, read);
      if (loaded.type !== "found") continue;
      states.push({ ...name, state: loaded.record.state });
      byteCount += loaded.byteCount;
      if (byteCount >= bytesMax) return { states, next: storageKey, byteCount };
    }
    const isLast = scanned.entries.length < keysMax;
    return { states, next: isLast ? null : (scanned.entries.at(-1)?.key ?? null), byteCount };
  }

  /** Deletes a key's record, if `mayGo` still says so once nobody else is changing it. */
  async drop(name: KeyName, mayGo: () => boolean): Promise<void> {
    const { forest, placements, records, tombstones } = this.#parts;
    const placement = placements.of(name);
    const release = await records.locks.acquire(placement.storageKey);
    try {
      if (!mayGo()) return;
      await records.remove("values", placement.storageKey);
      forest.forget(placement, name);
      tombstones.forget(placement.storageKey);
    } finally {
      release();
    }
  }
}
