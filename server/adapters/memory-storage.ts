/**
 * Storage in a map: for tests, and for a node that is asked to keep nothing (`dataDir: null`).
 *
 * Records are framed as on a disk, so that damage is told apart from absence here as well. A synced write answers
 * `buffered`, because it is: a bucket that asks for synced acknowledgements gets none from such a node.
 */
import { compareKeys } from "../ports/key-order.ts";
import type { Recovery, Space, WriteOutcome } from "../ports/storage.ts";
import {
  type Engine,
  type EngineRange,
  type EngineWrite,
  engineKey,
  FramedStorage,
} from "./framed-storage.ts";

export class MemoryStorage extends FramedStorage {
  readonly #engine: MemoryEngine;

  constructor(engine: MemoryEngine = new MemoryEngine()) {
    super(engine);
    this.#engine = engine;
  }

  /** Changes one byte of a stored record, as a failing disk would. False when there is no such record. */
  damage(space: Space, key: string): boolean {
    const framed = this.#engine.get(engineKey(space, key));
    if (framed === undefined) return false;
    framed[0] = (framed[0] ?? 0) ^ 0xff;
    return true;
  }
}

/** Sorts its keys when a scan asks, and only if keys came or went since the last one. */
export class MemoryEngine implements Engine {
  readonly #records = new Map<string, Uint8Array>();
  #sortedKeys: string[] | undefined;

  get(key: string): Uint8Array | undefined {
    return this.#records.get(key);
  }

  async list({ from, to, limit }: EngineRange): Promise<readonly (readonly [string, Uint8Array])[]> {
    this.#sortedKeys ??= [...this.#records.keys()].toSorted(compareKeys);
    const found: [string, Uint8Array][] = [];
    for (let index = this.#firstAtOrAfter(from); index < this.#sortedKeys.length; index += 1) {
      const key = this.#sortedKeys[index];
      if (key === undefined || compareKeys(key, to) >= 0 || found.length >= limit) break;
      const bytes = this.#records.get(key);
      if (bytes !== undefined) found.push([key, bytes]);
    }
    return found;
  }

  async write(batch: readonly EngineWrite[]): Promise<WriteOutcome> {
    for (const write of batch) {
      const isNews = this.#records.has(write.key) !== (write.type === "put");
      if (isNews) this.#sortedKeys = undefined;
      if (write.type === "put") this.#records.set(write.key, write.bytes);
      else this.#records.delete(write.key);
    }
    return { type: "written", durability: "buffered" };
  }

  async reopen(): Promise<Recovery> {
    return { type: "recovered" };
  }

  async close(): Promise<void> {}

  isCorruption(): boolean {
    return false;
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
