/**
 * Key records on this node's disk, with a bounded cache of decoded ones above it.
 *
 * `values` holds what this node keeps as a home, `hints` what it keeps for others; both are records of the same
 * form. Whoever changes a record holds the key's lock (one for both spaces). An append is as
 * durable as it was asked to be before it is visible here, and one that failed leaves no trace in memory: what the disk holds then is anybody's guess.
 */
import { decodeKeyRecord, encodeKeyRecord, type KeyRecord } from "../core/key-state-codec.ts";
import { ownedState } from "../core/owned-state.ts";
import type { Durability, ReadOutcome } from "../ports/storage.ts";
import type { Disk } from "./disk.ts";
import { KeyLocks } from "./key-locks.ts";

export type RecordSpace = "values" | "hints";

/** `corrupt` is amnesia and `absent` is knowledge; to confuse the two loses acknowledged writes. */
export type Loaded =
  | { readonly type: "found"; readonly record: KeyRecord; readonly byteCount: number }
  | { readonly type: "absent" }
  | { readonly type: "corrupt" | "failed"; readonly reason: string };

export type Appended =
  | { readonly type: "stored"; readonly durability: Durability; readonly byteCount: number }
  | { readonly type: "failed"; readonly reason: string };

/** Told of every unreadable record that is met, with the storage key of the key it belongs to. */
export type DamageObserver = (damage: {
  readonly space: RecordSpace;
  readonly recordKey: string;
  readonly storageKey: string;
  readonly reason: string;
  readonly bytes: Uint8Array | undefined;
}) => void;

type Cached = { readonly record: KeyRecord; readonly byteCount: number };

export class Records {
  readonly locks = new KeyLocks();
  readonly #disk: Disk;
  readonly #onDamaged: DamageObserver;
  readonly #cacheBytesMax: number;
  /** Least recently used first. */
  readonly #cache = new Map<string, Cached>();
  #cacheBytes = 0;

  constructor(disk: Disk, cacheBytesMax: number, onDamaged: DamageObserver) {
    this.#disk = disk;
    this.#onDamaged = onDamaged;
    this.#cacheBytesMax = cacheBytesMax;
  }

  async load(space: RecordSpace, key: string): Promise<Loaded> {
    const name = cacheName(space, key);
    const cached = this.#cache.get(name);
    if (cached !== undefined) {
      this.#remember(name, cached);
      return { type: "found", ...cached };
    }
    const changes = this.#changes;
    const loaded = this.decode(space, key, await this.#disk.read(space, key));
    // A read that raced an append may be older than it, and must not be remembered in its place.
    if (loaded.type === "found" && changes === this.#changes) this.#remember(name, loaded);
    return loaded;
  }

  /** Resolves when `durability` holds. The caller holds the key's lock. */
  async append(
    space: RecordSpace,
    key: string,
    record: KeyRecord,
    durability: Durability,
  ): Promise<Appended> {
    const bytes = encodeKeyRecord(record);
    const name = cacheName(space, key);
    const outcome = await this.#disk.write([{ type: "put", space, key, bytes }], durability);
    this.#changes += 1;
    this.#forget(name);
    if (outcome.type === "failed") return outcome;
    const kept = { state: ownedState(record.state), minted: record.minted };
    this.#remember(name, { record: kept, byteCount: bytes.length });
    return { type: "stored", durability: outcome.durability, byteCount: bytes.length };
  }

  /** The caller holds the key's lock. Unsynced: a record that comes back after a power cut does no harm. */
  async remove(space: RecordSpace, key: string): Promise<void> {
    await this.#disk.write([{ type: "delete", space, key }], "buffered");
    this.#changes += 1;
    this.#forget(cacheName(space, key));
  }

  /** Forgets what is cached: after a failure of the disk only the disk knows what it holds. */
  forgetAll(): void {
    this.#changes += 1;
    this.#cache.clear();
    this.#cacheBytes = 0;
  }

  /** How durable the record as it is here is, where this disk syncs at all. */
  durabilityOf(space: RecordSpace, key: string): Durability {
    return this.#disk.isBuffered(space, key) ? "buffered" : "synced";
  }

  /** What `read` says as a record; damage is noticed here. */
  decode(space: RecordSpace, key: string, read: ReadOutcome): Loaded {
    if (read.type === "absent" || read.type === "failed") return read;
    if (read.type === "found") {
      const decoded = decodeKeyRecord(read.bytes);
      if (decoded.type === "ok")
        return { type: "found", record: decoded.value, byteCount: read.bytes.length };
    }
    const reason = read.type === "corrupt" ? read.reason : "the bytes are no key record";
    // A good copy in memory would hide the damage until the next start, and keep it from being mended.
    this.#forget(cacheName(space, key));
    const storageKey = space === "values" ? key : key.slice(key.indexOf("/") + 1);
    this.#onDamaged({ space, recordKey: key, storageKey, reason, bytes: read.bytes });
    return { type: "corrupt", reason };
  }

  /** Counts appends and removals, to notice those that happen during a read. */
  #changes = 0;

  #remember(name: string, { record, byteCount }: Cached): void {
    this.#forget(name);
    this.#cache.set(name, { record, byteCount });
    this.#cacheBytes += byteCount;
    for (const [oldest] of this.#cache) {
      if (this.#cacheBytes <= this.#cacheBytesMax) break;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    const cached = this.#cache.get(name);
    if (cached === undefined) return;
    this.#cache.delete(name);
    this.#cacheBytes -= cached.byteCount;
  }
}

function cacheName(space: RecordSpace, key: string): string {
  return `${space}/${key}`;
}
