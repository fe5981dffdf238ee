/**
 * Storage on LevelDB: one database a node, the spaces told apart by the first letter of the engine's key.
 *
 * A write is acknowledged after the engine's log was synced; concurrent writes share one sync (`group-commit.ts`).
 * Reads are the engine's synchronous ones: an asynchronous read queues behind the syncs in the thread pool and takes
 * fifty times longer under load, while this one costs microseconds as long as the data is in memory.
 *
 * LevelDB checks its blocks when it opens and compacts but not when it reads, so each record has a checksum of its
 * own. What that cannot show: damage to a key's own bytes makes the record vanish, and a log torn in the middle
 * loses its tail.
 */
import { ClassicLevel } from "classic-level";
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
import { GroupCommit } from "./group-commit.ts";

type Engine = ClassicLevel<string, Uint8Array>;

export type StorageOpening =
  | { readonly type: "opened"; readonly storage: LevelStorage }
  /** `in-use`: another process has it · `corrupt`: the engine cannot make sense of it · `unusable`: anything else. */
  | { readonly type: "refused"; readonly reason: "in-use" | "corrupt" | "unusable"; readonly detail: string };

/** Told of each finished commit. */
export type CommitObserver = (commit: { readonly writeCount: number; readonly isSynced: boolean }) => void;

/** Opens the store in `directory`, making both when absent. Never rejects; `detail` is one sentence. */
export async function openLevelStorage(
  directory: string,
  observeCommit: CommitObserver = () => undefined,
): Promise<StorageOpening> {
  const engine: Engine = new ClassicLevel(directory, { keyEncoding: "utf8", valueEncoding: "view" });
  try {
    await engine.open();
    return { type: "opened", storage: new LevelStorage(engine, observeCommit) };
  } catch (thrown) {
    return refusalOf(directory, thrown);
  }
}

export class LevelStorage implements Storage {
  readonly #engine: Engine;
  readonly #commits: GroupCommit;
  #closing: Promise<void> | undefined;

  constructor(engine: Engine, observeCommit: CommitObserver) {
    this.#engine = engine;
    this.#commits = new GroupCommit(async (writes, isSynced) => {
      await commit(engine, writes, isSynced);
      observeCommit({ writeCount: writes.length, isSynced });
    });
  }

  async read(space: Space, key: string): Promise<ReadOutcome> {
    if (this.#closing !== undefined) return { type: "failed", reason: "the store is closed" };
    try {
      const framed = this.#engine.getSync(engineKey(space, key));
      return framed === undefined ? { type: "absent" } : unframeRecord(space, key, framed);
    } catch (thrown) {
      return { type: isCorruption(thrown) ? "corrupt" : "failed", reason: messageOf(thrown) };
    }
  }

  write(batch: readonly Write[], durability: Durability): Promise<WriteOutcome> {
    if (this.#closing !== undefined) {
      return Promise.resolve({ type: "failed", reason: "the store is closed", fatal: false });
    }
    return this.#commits.write(batch, durability);
  }

  async scan(space: Space, range: { from: string; to: string; limit: number }): Promise<readonly Entry[]> {
    if (this.#closing !== undefined) throw new Error("the store is closed");
    const records = await this.#engine
      .iterator({
        gte: engineKey(space, range.from),
        lt: engineKey(space, range.to),
        limit: range.limit,
        highWaterMarkBytes: 1024 * 1024,
      })
      .all();
    return records.map(([prefixed, framed]) => {
      const key = prefixed.slice(1);
      return { key, read: unframeRecord(space, key, framed) };
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#commits.drain().then(() => this.#engine.close());
    return this.#closing;
  }
}

/** Where a record is kept in the engine: `v`, `h`, `t` or `m`, then its key. */
export function engineKey(space: Space, key: string): string {
  return space.charAt(0) + key;
}

async function commit(engine: Engine, writes: readonly Write[], isSynced: boolean): Promise<void> {
  const batch = engine.batch();
  for (const write of writes) {
    const key = engineKey(write.space, write.key);
    if (write.type === "put") batch.put(key, frameRecord(write.space, write.key, write.bytes));
    else batch.del(key);
  }
  await batch.write({ sync: isSynced });
}

function refusalOf(directory: string, thrown: unknown): StorageOpening {
  const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
  if (codeOf(cause) === "LEVEL_LOCKED") {
    return {
      type: "refused",
      reason: "in-use",
      detail: `The data directory ${directory} is in use by another process.`,
    };
  }
  if (isCorruption(cause)) {
    const detail = `The store in ${directory} is damaged and cannot be opened: ${messageOf(cause)}.`;
    return { type: "refused", reason: "corrupt", detail };
  }
  const detail = `The data directory ${directory} cannot be used: ${messageOf(cause)}.`;
  return { type: "refused", reason: "unusable", detail };
}

function isCorruption(thrown: unknown): boolean {
  return codeOf(thrown) === "LEVEL_CORRUPTION";
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
