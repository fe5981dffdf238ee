/**
 * What all storages have in common: an engine, which is an ordered map of text keys to bytes, becomes a Storage.
 *
 * The spaces of a node lie in one engine, told apart by the first letter of its keys; each record is framed with a
 * checksum of its own (`ports/record-frame.ts`), because no engine checks on every read, and none can say which key
 * was hit; and what an engine throws becomes a value here.
 */
import { frameRecord, unframeRecord } from "../ports/record-frame.ts";
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

export type EngineWrite =
  | { readonly type: "put"; readonly key: string; readonly bytes: Uint8Array }
  | { readonly type: "delete"; readonly key: string };

export type EngineRange = { readonly from: string; readonly to: string; readonly limit: number };

/** Told of each finished commit. */
export type CommitObserver = (commit: {
  readonly writeCount: number;
  readonly isSynced: boolean;
  readonly durationMs: number;
}) => void;

export interface Engine {
  /** Synchronous, since an asynchronous read queues behind the syncs in the thread pool. Throws when it cannot. */
  get(key: string): Uint8Array | undefined;

  /** At most `limit` records with from <= key < to, by the keys' UTF-8 bytes. Throws when it cannot. */
  list(range: EngineRange): Promise<readonly (readonly [string, Uint8Array])[]>;

  /** As `Storage.write`. The bytes are the engine's own. */
  write(batch: readonly EngineWrite[], durability: Durability): Promise<WriteOutcome>;

  /** As `Storage.recover`. */
  reopen(): Promise<Recovery>;

  /** Waits for writes in progress. */
  close(): Promise<void>;

  /** Whether what `get` threw means that the record is damaged, and not that nothing can be read. */
  isCorruption(thrown: unknown): boolean;
}

const closed = { type: "failed", reason: "the store is closed" } as const;

export class FramedStorage implements Storage {
  readonly #engine: Engine;
  readonly #onClosed: () => Promise<void>;
  #closing: Promise<void> | undefined;

  /** `onClosed`: what is left to do once the engine has given the disk back. */
  constructor(engine: Engine, onClosed: () => Promise<void> = async () => {}) {
    this.#engine = engine;
    this.#onClosed = onClosed;
  }

  async read(space: Space, key: string): Promise<ReadOutcome> {
    if (this.#closing !== undefined) return closed;
    try {
      const framed = this.#engine.get(engineKey(space, key));
      return framed === undefined ? { type: "absent" } : unframeRecord(space, key, framed);
    } catch (thrown) {
      return { type: this.#engine.isCorruption(thrown) ? "corrupt" : "failed", reason: messageOf(thrown) };
    }
  }

  write(batch: readonly Write[], durability: Durability): Promise<WriteOutcome> {
    if (this.#closing !== undefined) return Promise.resolve({ ...closed, fatal: false });
    return this.#engine.write(batch.map(engineWrite), durability);
  }

  async scan(space: Space, { from, to, limit }: EngineRange): Promise<readonly Entry[]> {
    if (this.#closing !== undefined) throw new Error(closed.reason);
    const range = { from: engineKey(space, from), to: engineKey(space, to), limit };
    const records = await this.#engine.list(range);
    return records.map(([prefixed, framed]) => {
      const key = prefixed.slice(1);
      return { key, read: unframeRecord(space, key, framed) };
    });
  }

  async recover(): Promise<Recovery> {
    return this.#closing === undefined ? this.#engine.reopen() : closed;
  }

  close(): Promise<void> {
    this.#closing ??= this.#engine.close().then(this.#onClosed);
    return this.#closing;
  }
}

/** Where a record is kept in the engine: `v`, `h`, `t` or `m`, then its key. */
export function engineKey(space: Space, key: string): string {
  return space.charAt(0) + key;
}

/** What was thrown, as one line. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function engineWrite(write: Write): EngineWrite {
  const key = engineKey(write.space, write.key);
  return write.type === "put"
    ? { type: "put", key, bytes: frameRecord(write.space, write.key, write.bytes) }
    : { type: "delete", key };
}
