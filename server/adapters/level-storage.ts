/**
 * LevelDB as an engine: one database a node.
 *
 * A write is acknowledged after the engine's log was synced; concurrent writes share one sync (`group-commit.ts`).
 * Reads are the engine's synchronous ones: an asynchronous read queues behind the syncs in the thread pool and takes
 * fifty times longer under load, while this one costs microseconds as long as the data is in memory.
 *
 * LevelDB checks its blocks when it opens and compacts but not when it reads. What a record's own checksum cannot
 * show: damage to a key's bytes makes the record vanish, and a log torn in the middle loses its tail.
 */
import { ClassicLevel } from "classic-level";
import type { Durability, Recovery, WriteOutcome } from "../ports/storage.ts";
import {
  type CommitObserver,
  type Engine,
  type EngineRange,
  type EngineWrite,
  messageOf,
} from "./framed-storage.ts";
import { GroupCommit, isDiskFull } from "./group-commit.ts";
import { probeSpace } from "./space-probe.ts";

/** Opens the store in `directory`, making both when absent. Rejects with what the engine says. */
export async function openLevel(directory: string, observeCommit: CommitObserver): Promise<Engine> {
  const engine = new LevelEngine(directory, observeCommit);
  await engine.open();
  return engine;
}

class LevelEngine implements Engine {
  readonly #directory: string;
  readonly #observeCommit: CommitObserver;
  #level: ClassicLevel<string, Uint8Array>;
  #commits: GroupCommit;

  constructor(directory: string, observeCommit: CommitObserver) {
    this.#directory = directory;
    this.#observeCommit = observeCommit;
    this.#level = this.#unopened();
    this.#commits = this.#freshCommits();
  }

  open(): Promise<void> {
    return this.#level.open();
  }

  get(key: string): Uint8Array | undefined {
    return this.#level.getSync(key);
  }

  list({ from, to, limit }: EngineRange): Promise<[string, Uint8Array][]> {
    return this.#level.iterator({ gte: from, lt: to, limit, highWaterMarkBytes: 1024 * 1024 }).all();
  }

  write(batch: readonly EngineWrite[], durability: Durability): Promise<WriteOutcome> {
    return this.#commits.write(batch, durability);
  }

  /**
   * The log may end in half a record, behind which nothing can be appended: reopening reads it up to there and
   * begins another. The engine needs room to open at all, so there is a look for some first.
   */
  async reopen(): Promise<Recovery> {
    const probe = await probeSpace(this.#directory);
    if (probe.type === "failed") return probe;
    await this.#commits.drain();
    try {
      await this.#level.close();
      this.#level = this.#unopened();
      await this.#level.open();
    } catch (thrown) {
      return { type: "failed", reason: messageOf(thrown) };
    }
    this.#commits = this.#freshCommits();
    return { type: "recovered" };
  }

  async close(): Promise<void> {
    await this.#commits.drain();
    await this.#level.close();
  }

  isCorruption(thrown: unknown): boolean {
    return isLevelCorruption(thrown);
  }

  #unopened(): ClassicLevel<string, Uint8Array> {
    return new ClassicLevel(this.#directory, { keyEncoding: "utf8", valueEncoding: "view" });
  }

  #freshCommits(): GroupCommit {
    return new GroupCommit({
      commit: (writes, isSynced) => this.#commit(writes, isSynced),
      observe: this.#observeCommit,
      isPassing: isDiskFull,
    });
  }

  async #commit(writes: readonly EngineWrite[], isSynced: boolean): Promise<void> {
    const batch = this.#level.batch();
    for (const write of writes) {
      if (write.type === "put") batch.put(write.key, write.bytes);
      else batch.del(write.key);
    }
    await batch.write({ sync: isSynced });
  }
}

export function isLevelCorruption(thrown: unknown): boolean {
  return codeOf(thrown) === "LEVEL_CORRUPTION";
}

export function isLevelLocked(thrown: unknown): boolean {
  return codeOf(thrown) === "LEVEL_LOCKED";
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
