/**
 * Storage in maps: for tests, and for a node that is asked to keep nothing (`dataDir: null`).
 *
 * Records are framed as on a disk, so that damage is told apart from absence here as well. A synced write answers
 * `buffered`, because it is: a bucket that asks for synced acknowledgements gets none from such a node.
 */
import { compareKeys } from "../ports/key-order.ts";
import { frameRecord, unframeRecord } from "../ports/record-frame.ts";
import type {
  Durability,
  Entry,
  ReadOutcome,
  Space,
  Storage,
  Write,
  WriteOutcome,
} from "../ports/storage.ts";

const closed = "the store is closed";

export class MemoryStorage implements Storage {
  readonly #spaces = new Map<Space, SortedRecords>();
  #isClosed = false;

  async read(space: Space, key: string): Promise<ReadOutcome> {
    if (this.#isClosed) return { type: "failed", reason: closed };
    const framed = this.#recordsOf(space).get(key);
    return framed === undefined ? { type: "absent" } : unframeRecord(space, key, framed);
  }

  async write(batch: readonly Write[], _durability: Durability): Promise<WriteOutcome> {
    if (this.#isClosed) return { type: "failed", reason: closed, fatal: false };
    for (const write of batch) {
      const records = this.#recordsOf(write.space);
      if (write.type === "put") records.set(write.key, frameRecord(write.space, write.key, write.bytes));
      else records.delete(write.key);
    }
    return { type: "written", durability: "buffered" };
  }

  async scan(space: Space, range: { from: string; to: string; limit: number }): Promise<readonly Entry[]> {
    if (this.#isClosed) throw new Error(closed);
    return this.#recordsOf(space)
      .between(range.from, range.to, range.limit)
      .map(([key, framed]) => ({ key, read: unframeRecord(space, key, framed) }));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
  }

  /** Changes one byte of a stored record, as a failing disk would. False when there is no such record. */
  damage(space: Space, key: string): boolean {
    const framed = this.#recordsOf(space).get(key);
    if (framed === undefined) return false;
    framed[0] = (framed[0] ?? 0) ^ 0xff;
    return true;
  }

  #recordsOf(space: Space): SortedRecords {
    let records = this.#spaces.get(space);
    if (records === undefined) {
      records = new SortedRecords();
      this.#spaces.set(space, records);
    }
    return records;
  }
}

/** A map that sorts its keys when a scan asks, and only if keys came or went since the last one. */
class SortedRecords {
  readonly #records = new Map<string, Uint8Array>();
  #sortedKeys: string[] | undefined;

  get(key: string): Uint8Array | undefined {
    return this.#records.get(key);
  }

  set(key: string, framed: Uint8Array): void {
    if (!this.#records.has(key)) this.#sortedKeys = undefined;
    this.#records.set(key, framed);
  }

  delete(key: string): void {
    if (this.#records.delete(key)) this.#sortedKeys = undefined;
  }

  between(from: string, to: string, limit: number): [string, Uint8Array][] {
    this.#sortedKeys ??= [...this.#records.keys()].toSorted(compareKeys);
    const found: [string, Uint8Array][] = [];
    for (let index = this.#firstAtOrAfter(from); index < this.#sortedKeys.length; index += 1) {
      const key = this.#sortedKeys[index];
      if (key === undefined || compareKeys(key, to) >= 0 || found.length >= limit) break;
      const framed = this.#records.get(key);
      if (framed !== undefined) found.push([key, framed]);
    }
    return found;
  }

  #firstAtOrAfter(from: string): number {
    const keys = this.#sortedKeys ?? [];
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(keys[middle] ?? "", from) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
