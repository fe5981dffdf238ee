/**
 * This node as one of a key's homes: what it holds, how it merges what it is sent, how it mints a client's write.
 *
 * All that comes from other nodes goes through `merge`: replication, repair, delivered hints, anti-entropy. Merging
 * the same state twice, or in another order, changes nothing. Every change is as durable as it was asked to
 * be before it shows in a read, in the tree or in an acknowledgement.
 */

import type { KeyRecord } from "../core/key-state-codec.ts";
import { type StateHash, stateHash, statesAgree } from "../core/state-hash.ts";
import { emptyKeyState, type KeyState } from "../core/versions.ts";
import { versionsOf } from "../core/versions-of.ts";
import type { Durability } from "../ports/storage.ts";
import type { Trace } from "../ports/trace.ts";
import type { KeyName } from "../rpc/messages.ts";
import type { Disk } from "./disk.ts";
import type { Forest } from "./forest.ts";
import type { Identity } from "./identity.ts";
import type { Placements } from "./placement.ts";
import type { Appended, Loaded, Records } from "./records.ts";
import { loadTrees } from "./saved-trees.ts";
import type { Stamps } from "./stamps.ts";
import { keyNameOf } from "./storage-key.ts";
import type { Tombstones } from "./tombstones.ts";

/** `amnesia`: the record is there and unreadable. Neither counts as an answer. */
export type StateOutcome =
  | { readonly type: "state"; readonly state: KeyState }
  | { readonly type: "refused"; readonly reason: "storage" | "amnesia" };

export type MergeOutcome =
  | { readonly type: "stored"; readonly durability: Durability; readonly isChanged: boolean }
  /** `stamp`: its wall clock is too far ahead of this node's. */
  | { readonly type: "refused"; readonly reason: "storage" | "stamp" };

const scanBatchSize = 256;

export type ReplicaParts = {
  readonly disk: Disk;
  readonly records: Records;
  readonly forest: Forest;
  readonly placements: Placements;
  readonly identity: Identity;
  readonly stamps: Stamps;
  readonly tombstones: Tombstones;
  readonly trace: Trace;
};

export class Replica {
  readonly #parts: ReplicaParts;

  constructor(parts: ReplicaParts) {
    this.#parts = parts;
  }

  /** What the main store holds of a key: an empty state when it holds nothing. */
  async read(name: KeyName): Promise<StateOutcome> {
    return stateOfLoaded(await this.load(name));
  }

  load(name: KeyName): Promise<Loaded> {
    return this.#parts.records.load("values", this.#parts.placements.of(name).storageKey);
  }

  /** Merges `state` into what is here. Resolves when the result is as durable as asked, whether or not it is new. */
  async merge(name: KeyName, state: KeyState, durability: Durability): Promise<MergeOutcome> {
    const { records, placements, identity, disk, forest, stamps } = this.#parts;
    if (disk.isReadOnly) return { type: "refused", reason: "storage" };
    const placement = placements.of(name);
    if (!stamps.admits(placement, state)) return { type: "refused", reason: "stamp" };
    const { storageKey, bucket } = placement;
    const release = await records.locks.acquire(storageKey);
    try {
      const loaded = await records.load("values", storageKey);
      if (loaded.type === "failed") return { type: "refused", reason: "storage" };
      const local = loaded.type === "found" ? loaded.record : { state: emptyKeyState, minted: undefined };
      const merged = versionsOf(bucket.versions).sync(local.state, state);
      if (loaded.type === "found" && statesAgree(local.state, merged)) {
        if (!forest.has(placement)) forest.set(placement, name, stateHash(name.bucket, name.key, merged));
        const reached = records.durabilityOf("values", storageKey);
        // What is here already may be in memory only; then it is written like news to whoever asks for more.
        if (reached === "synced" || durability === "buffered") {
          const least = identity.reaches === "synced" ? reached : "buffered";
          return { type: "stored", durability: least, isChanged: false };
        }
      }
      const appended = await this.append(name, { state: merged, minted: local.minted }, durability);
      if (appended.type === "failed") return { type: "refused", reason: "storage" };
      return { type: "stored", durability: appended.durability, isChanged: true };
    } finally {
      release();
    }
  }

  /** Replaces the record. The caller holds the key's lock and has merged what was there. */
  async append(name: KeyName, record: KeyRecord, durability: Durability): Promise<Appended> {
    const { records, placements, forest, tombstones, trace } = this.#parts;
    const placement = placements.of(name);
    const appending = records.append("values", placement.storageKey, record, durability);
    // While its bytes are at hand: they have just been made.
    const hash = stateHash(name.bucket, name.key, record.state);
    const appended = await appending;
    if (appended.type === "stored") {
      forest.set(placement, name, hash);
      tombstones.note(placement, name, record.state, forest.hashOf(placement));
      const writeIds = record.state.siblings.map((sibling) => sibling.writeId);
      trace.emit({ type: "state-appended", ...keyOf(name), durability: appended.durability, writeIds });
    }
    return appended;
  }

  /** Drops the record of a deleted key if it still is exactly what was proven to be everywhere. */
  async reap(name: KeyName, hash: StateHash): Promise<boolean> {
    const { disk, records, placements, forest, tombstones, trace } = this.#parts;
    const placement = placements.of(name);
    const release = await records.locks.acquire(placement.storageKey);
    try {
      const loaded = await this.load(name);
      if (loaded.type !== "found" || stateHash(name.bucket, name.key, loaded.record.state) !== hash)
        return false;
      await records.remove("values", placement.storageKey);
      if (disk.isReadOnly) return false;
      forest.forget(placement, name);
      tombstones.forget(placement.storageKey);
      const writeIds = loaded.record.state.siblings.map(({ writeId }) => writeId);
      trace.emit({ type: "tombstone-reaped", ...keyOf(name), writeIds });
      return true;
    } finally {
      release();
    }
  }

  /**
   * Grows the trees from the store, batch by batch beside the traffic. False when the store could not be read; the
   * trees then stay unbuilt and are compared with nobody's. `isEnding` ends it early. After a clean stop they are
   * there already.
   */
  async buildForest(isEnding: () => boolean): Promise<boolean> {
    const { disk, records, forest, identity, placements, tombstones, trace } = this.#parts;
    if (identity.areTreesSaved && (await loadTrees(disk, forest))) {
      forest.isBuilt = true;
      trace.emit({ type: "trees-built", keyCount: forest.keyCount });
      return true;
    }
    let after: string | undefined;
    while (!isEnding()) {
      const range = after === undefined ? { prefix: "" } : { prefix: "", after };
      const scanned = await disk.scan("values", { ...range, limit: scanBatchSize });
      if (scanned.type === "failed") return false;
      for (const { key, read } of scanned.entries) {
        const loaded = records.decode("values", key, read);
        if (loaded.type !== "found") continue;
        const name = keyNameOf(key);
        const placement = placements.of(name);
        const { state } = loaded.record;
        const hash = stateHash(name.bucket, name.key, state);
        forest.setIfUnknown(placement, name, hash);
        if (forest.hashOf(placement) === hash) tombstones.note(placement, name, state, hash);
      }
      after = scanned.entries.at(-1)?.key;
      if (after === undefined) {
        forest.isBuilt = true;
        trace.emit({ type: "trees-built", keyCount: forest.keyCount });
        return true;
      }
    }
    return false;
  }
}

/** A record as an answer: absent is an empty state, corrupt and failed are no answer. */
export function stateOfLoaded(loaded: Loaded): StateOutcome {
  switch (loaded.type) {
    case "found":
      return { type: "state", state: loaded.record.state };
    case "absent":
      return { type: "state", state: emptyKeyState };
    case "corrupt":
      return { type: "refused", reason: "amnesia" };
    case "failed":
      return { type: "refused", reason: "storage" };
  }
}

/** Only bucket and key, whatever else the value carries. */
export function keyOf({ bucket, key }: KeyName): KeyName {
  return { bucket, key };
}
