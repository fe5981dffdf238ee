/**
 * A disk in a simulated world, and the `Storage` port of a boot on top of it.
 *
 * The disk outlives its node. What was written but not synced sits in the page cache: a killed process loses none
 * of it, a power cut loses all but a random beginning. A write that was under way when its process died has happened
 * or not, by chance. Records can be marked as damaged, reads and writes made to fail, the whole disk wiped.
 */
import { compareKeys } from "../ports/key-order.ts";
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
import type { SimulatedProcess } from "./simulated-process.ts";
import type { RandomStream, World } from "./world.ts";

/** How a disk fails its writes: `full` can be lived with, after `broken` nothing written is certain. */
export type DiskFault = "none" | "full" | "broken";

type Records = Map<string, Uint8Array>;

export class SimulatedDisk {
  readonly stream: RandomStream;
  fault: DiskFault = "none";
  /** Synced writes take this many times as long; 1 is a good disk. */
  slowness = 1;
  /** Reads take this much longer than on a good disk. */
  readDelayMs = 0;
  /** Reads wait for each other, in the order in which they were asked for, as on a disk of one arm. */
  hasOneArm = false;
  syncCount = 0;
  /** Writes take effect in the order they were asked for, so none may overtake an earlier one. */
  lastWriteEndsAtMs = 0;
  /** When the arm has done all reads that were asked for. */
  armFreeAtMs = 0;
  /** Writes under way when the power goes never reach the platter. */
  powerCutCount = 0;
  #synced: Records = new Map();
  #current: Records = new Map();
  #unsynced: (readonly Write[])[] = [];
  readonly #damaged = new Set<string>();

  constructor(world: World, name: string) {
    this.stream = world.random(`disk ${name}`);
  }

  apply(batch: readonly Write[]): void {
    applyTo(this.#current, batch);
    this.#unsynced.push(batch);
    for (const write of batch) this.#damaged.delete(recordName(write.space, write.key));
  }

  sync(): void {
    this.syncCount += 1;
    for (const batch of this.#unsynced.splice(0)) applyTo(this.#synced, batch);
  }

  /** What was not synced is gone, except for a beginning of it that happened to reach the platter. */
  losePower(): void {
    this.powerCutCount += 1;
    const survivorCount = this.stream.integer(0, this.#unsynced.length);
    for (const batch of this.#unsynced.splice(0).slice(0, survivorCount)) applyTo(this.#synced, batch);
    this.#current = new Map(this.#synced);
  }

  wipe(): void {
    this.#synced = new Map();
    this.#current = new Map();
    this.#unsynced = [];
    this.#damaged.clear();
  }

  /** Everything as it is now; the result puts it back, as from a backup. */
  backup(): () => void {
    const kept = new Map(this.#current);
    return () => {
      this.#synced = new Map(kept);
      this.#current = new Map(kept);
      this.#unsynced = [];
      this.#damaged.clear();
    };
  }

  /** The record, if there is one, reads as corrupt until it is written again. */
  damage(space: Space, key: string): void {
    this.#damaged.add(recordName(space, key));
  }

  /** The record's bytes are others now, and none where `bytes` is undefined; no checksum tells. */
  forge(space: Space, key: string, bytes: Uint8Array | undefined): void {
    for (const records of [this.#synced, this.#current]) {
      if (bytes === undefined) records.delete(recordName(space, key));
      else records.set(recordName(space, key), bytes);
    }
  }

  read(space: Space, key: string): ReadOutcome {
    const name = recordName(space, key);
    const bytes = this.#current.get(name);
    if (bytes === undefined) return { type: "absent" };
    if (this.#damaged.has(name))
      return { type: "corrupt", reason: "the record is damaged", bytes: bytes.slice() };
    return { type: "found", bytes: bytes.slice() };
  }

  keys(space: Space): string[] {
    const prefix = recordName(space, "");
    const keys: string[] = [];
    for (const name of this.#current.keys())
      if (name.startsWith(prefix)) keys.push(name.slice(prefix.length));
    return keys.toSorted(compareKeys);
  }
}

export class SimulatedStorage implements Storage {
  readonly #disk: SimulatedDisk;
  readonly #process: SimulatedProcess;
  /** What an earlier boot had under way comes first. */
  readonly #readyAtMs: number;
  #closing: Promise<void> | undefined;

  constructor(disk: SimulatedDisk, process: SimulatedProcess) {
    this.#disk = disk;
    this.#process = process;
    this.#readyAtMs = disk.lastWriteEndsAtMs;
  }

  async read(space: Space, key: string): Promise<ReadOutcome> {
    if (this.#closing !== undefined) return closed;
    await this.#wait(this.#behindOthers(this.#draw(0.01, 0.2) + this.#disk.readDelayMs));
    return this.#disk.read(space, key);
  }

  write(batch: readonly Write[], durability: Durability): Promise<WriteOutcome> {
    if (this.#closing !== undefined) return Promise.resolve({ ...closed, fatal: false });
    const copies = batch.map((write) =>
      write.type === "put" ? { ...write, bytes: write.bytes.slice() } : write,
    );
    const isRareStall = durability === "synced" && this.#disk.stream.happens(0.01);
    const drawnMs =
      durability === "synced" ? this.#draw(0.3, 2) * this.#disk.slowness : this.#draw(0.01, 0.05);
    const nowMs = this.#process.world.nowMs();
    const endsAtMs = Math.max(nowMs + drawnMs * (isRareStall ? 10 : 1), this.#disk.lastWriteEndsAtMs);
    this.#disk.lastWriteEndsAtMs = endsAtMs;
    const { powerCutCount } = this.#disk;
    return new Promise((resolve) => {
      this.#process.world.after(endsAtMs - nowMs, () => {
        if (this.#disk.powerCutCount !== powerCutCount) return;
        if (this.#process.isDead && this.#disk.stream.happens(0.5)) return;
        const outcome = this.#perform(copies, durability);
        this.#process.enter(() => resolve(outcome));
      });
    });
  }

  async scan(space: Space, range: { from: string; to: string; limit: number }): Promise<readonly Entry[]> {
    if (this.#closing !== undefined) throw new Error("The storage is closed.");
    await this.#wait(this.#draw(0.05, 0.5));
    return this.#disk
      .keys(space)
      .filter((key) => compareKeys(range.from, key) <= 0 && compareKeys(key, range.to) < 0)
      .slice(0, Math.max(0, range.limit))
      .map((key) => ({ key, read: this.#disk.read(space, key) }));
  }

  async recover(): Promise<Recovery> {
    if (this.#closing !== undefined) return closed;
    await this.#wait(this.#draw(5, 20));
    return this.#disk.fault === "none"
      ? { type: "recovered" }
      : { type: "failed", reason: "the disk still refuses writes" };
  }

  close(): Promise<void> {
    const remainingMs = Math.max(0, this.#disk.lastWriteEndsAtMs - this.#process.world.nowMs());
    this.#closing ??= this.#wait(remainingMs);
    return this.#closing;
  }

  #perform(batch: readonly Write[], durability: Durability): WriteOutcome {
    switch (this.#disk.fault) {
      case "full":
        return { type: "failed", reason: "no space left on the device", fatal: false };
      case "broken":
        return { type: "failed", reason: "the sync failed", fatal: true };
      case "none":
        this.#disk.apply(batch);
        if (durability === "synced") this.#disk.sync();
        return { type: "written", durability };
    }
  }

  /** How long a read takes that the disk would do in `aloneMs` if it had nothing else to do. */
  #behindOthers(aloneMs: number): number {
    if (!this.#disk.hasOneArm) return aloneMs;
    const nowMs = this.#process.world.nowMs();
    this.#disk.armFreeAtMs = Math.max(nowMs, this.#disk.armFreeAtMs) + aloneMs;
    return this.#disk.armFreeAtMs - nowMs;
  }

  #draw(fromMs: number, toMs: number): number {
    return fromMs + this.#disk.stream.uniform() * (toMs - fromMs);
  }

  #wait(delayMs: number): Promise<void> {
    const notReadyMs = Math.max(0, this.#readyAtMs - this.#process.world.nowMs());
    return new Promise((resolve) => {
      this.#process.after(notReadyMs + delayMs, resolve);
    });
  }
}

const closed = { type: "failed", reason: "The storage is closed." } as const;

function applyTo(records: Records, batch: readonly Write[]): void {
  for (const write of batch) {
    const name = recordName(write.space, write.key);
    if (write.type === "put") records.set(name, write.bytes);
    else records.delete(name);
  }
}

function recordName(space: Space, key: string): string {
  return `${space}/${key}`;
}
