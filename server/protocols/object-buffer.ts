/**
 * The object buffer (Dynamo §6.1): a Storage that answers buffered writes from memory and brings them to the storage
 * below in one synced batch a tenth of a second later, or sooner when many wait.
 *
 * Reads look here first. A synced write takes everything that waits with it, in one batch: so the order of the calls
 * stays the order on the disk, and whoever pays for a sync pays for all. A scan empties the buffer before it looks.
 * When the buffer is full a write is no longer answered from memory but goes through. What the process held here is
 * lost when it ends without a stop: that is what `buffered` in an acknowledgement means.
 *
 * A flush that fails keeps its objects, which stay readable, and tells `onFailed`, since nobody waits for it.
 */
import type { Cancel, Clock } from "../ports/clock.ts";
import type {
  Durability,
  Entry,
  ReadOutcome,
  Recovery,
  Space,
  Storage,
  Write,
  WriteOutcome,
} from "../ports/storage.ts";
import { impossible } from "./impossible.ts";

export type BufferLimits = {
  readonly bufferObjectsMax: number;
  readonly bufferBytesMax: number;
  readonly bufferFlushMs: number;
};

type Failed = Extract<WriteOutcome, { type: "failed" }>;

type Held = { readonly write: Write; isFlying: boolean };

export class ObjectBuffer implements Storage {
  readonly #below: Storage;
  readonly #clock: Clock;
  readonly #limits: BufferLimits;
  readonly #onFailed: (outcome: Failed) => void;
  /** Space and key -> the last buffered write that is not on the disk yet. */
  readonly #held = new Map<string, Held>();
  #heldBytes = 0;
  #cancelFlush: Cancel | undefined;
  #isClosed = false;

  constructor(below: Storage, clock: Clock, limits: BufferLimits, onFailed: (outcome: Failed) => void) {
    this.#below = below;
    this.#clock = clock;
    this.#limits = limits;
    this.#onFailed = onFailed;
  }

  get objectCount(): number {
    return this.#held.size;
  }

  /** Whether the record's latest write is in memory only. */
  isBuffered(space: Space, key: string): boolean {
    return this.#held.has(nameOf(space, key));
  }

  read(space: Space, key: string): Promise<ReadOutcome> {
    const held = this.#isClosed ? undefined : this.#held.get(nameOf(space, key))?.write;
    if (held === undefined) return this.#below.read(space, key);
    // A copy: what is read belongs to the reader.
    return Promise.resolve(
      held.type === "put" ? { type: "found", bytes: held.bytes.slice() } : { type: "absent" },
    );
  }

  async write(batch: readonly Write[], durability: Durability): Promise<WriteOutcome> {
    if (durability === "synced" || this.#isClosed || this.#isFull(batch)) return this.#writeThrough(batch);
    for (const write of batch) this.#hold(write);
    if (this.#held.size * 2 >= this.#limits.bufferObjectsMax) this.#flushSoon(0);
    else this.#flushSoon(this.#limits.bufferFlushMs);
    return { type: "written", durability: "buffered" };
  }

  async scan(space: Space, range: { from: string; to: string; limit: number }): Promise<readonly Entry[]> {
    const flushed = await this.flush();
    if (flushed.type === "failed" && !this.#isClosed) throw new Error(flushed.reason);
    return this.#below.scan(space, range);
  }

  /** Brings everything that waits to the disk. */
  async flush(): Promise<WriteOutcome> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#held.size === 0) return { type: "written", durability: "synced" };
    return this.#writeThrough([]);
  }

  /** Opens the storage below anew, and brings there what a failed flush kept. */
  async recover(): Promise<Recovery> {
    const recovery = await this.#below.recover();
    if (recovery.type === "failed") return recovery;
    const flushed = await this.flush();
    if (flushed.type === "written") return recovery;
    this.#onFailed(flushed);
    return { type: "failed", reason: flushed.reason };
  }

  async close(): Promise<void> {
    if (!this.#isClosed) await this.flush();
    this.#isClosed = true;
    this.#held.clear();
    await this.#below.close();
  }

  async #writeThrough(batch: readonly Write[]): Promise<WriteOutcome> {
    const taken: [string, Held][] = [];
    for (const [name, held] of this.#held) {
      if (held.isFlying) continue;
      held.isFlying = true;
      taken.push([name, held]);
    }
    const waited = taken.map(([, { write }]) => write);
    const outcome = await this.#below.write(taken.length === 0 ? batch : [...waited, ...batch], "synced");
    for (const [name, held] of taken) {
      if (outcome.type === "failed") held.isFlying = false;
      else if (this.#held.get(name) === held) this.#forget(name);
    }
    return outcome;
  }

  #hold(write: Write): void {
    const name = nameOf(write.space, write.key);
    this.#forget(name);
    const kept = write.type === "put" ? { ...write, bytes: write.bytes.slice() } : write;
    this.#held.set(name, { write: kept, isFlying: false });
    this.#heldBytes += sizeOf(kept);
  }

  #forget(name: string): void {
    const held = this.#held.get(name);
    if (held === undefined) return;
    this.#held.delete(name);
    this.#heldBytes -= sizeOf(held.write);
  }

  #isFull(batch: readonly Write[]): boolean {
    const { bufferObjectsMax, bufferBytesMax } = this.#limits;
    const bytes = batch.reduce((sum, write) => sum + sizeOf(write), this.#heldBytes);
    return this.#held.size + batch.length > bufferObjectsMax || bytes > bufferBytesMax;
  }

  #flushSoon(delayMs: number): void {
    if (this.#cancelFlush !== undefined && delayMs > 0) return;
    this.#cancelFlush?.();
    this.#cancelFlush = this.#clock.after(delayMs, () => {
      this.flush()
        .then((outcome) => {
          if (outcome.type === "failed") this.#onFailed(outcome);
        })
        .catch(impossible);
    });
  }
}

function nameOf(space: Space, key: string): string {
  return `${space}/${key}`;
}

function sizeOf(write: Write): number {
  return write.key.length + (write.type === "put" ? write.bytes.length : 0);
}
