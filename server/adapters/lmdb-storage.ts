/**
 * LMDB as an engine: a tree of copy-on-write pages in one file, mapped into memory.
 *
 * A synced write is acknowledged after `flushed`. The binding would by default make a commit visible first and flush
 * it beside later ones; then a flush that fails leaves `flushed` pending for ever and the write visible. So
 * `overlappingSync` is off: a commit is flushed before it happens, and one that cannot be flushed has not happened.
 *
 * A disk that fills up in the middle of a page is told as an I/O error. None is fatal here: pages are copied, never
 * written over, so a commit whose write or sync failed has left nothing that the last good one refers to.
 *
 * LMDB lets several processes open one store and Node has no file locks, so an empty LevelDB database beside it
 * serves as the lock: the kernel gives it back whatever way the process ends. LMDB trusts its pages: a flipped bit in
 * a value is seen by the record's checksum, one in the tree itself is not; a file that is shortened or none of its own
 * would end the process with a signal, so that much is looked at before it is opened.
 */
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import type { RootDatabase } from "lmdb";
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

/** The store is there and makes no sense. */
export class DamagedStore extends Error {}

/** LMDB's own bound, for pages of 4 KiB. */
const keyBytesMax = 1978;

const pageBytes = 4096;
const metaBytes = 160;

type Lmdb = RootDatabase<Uint8Array, Uint8Array>;

/** Opens the store in `directory`, making both when absent. Rejects with what LMDB or the lock says. */
export async function openLmdb(directory: string, observeCommit: CommitObserver): Promise<Engine> {
  const lock = new ClassicLevel(join(directory, "lock"));
  await lock.open();
  try {
    return new LmdbEngine(directory, await opened(directory), lock, observeCommit);
  } catch (thrown) {
    await lock.close();
    throw thrown;
  }
}

class LmdbEngine implements Engine {
  readonly #directory: string;
  readonly #lock: ClassicLevel;
  readonly #observeCommit: CommitObserver;
  #lmdb: Lmdb;
  #commits: GroupCommit;

  constructor(directory: string, lmdb: Lmdb, lock: ClassicLevel, observeCommit: CommitObserver) {
    this.#directory = directory;
    this.#lmdb = lmdb;
    this.#lock = lock;
    this.#observeCommit = observeCommit;
    this.#commits = this.#freshCommits();
  }

  get(key: string): Uint8Array | undefined {
    return this.#lmdb.getBinary(Buffer.from(key));
  }

  async list({ from, to, limit }: EngineRange): Promise<[string, Uint8Array][]> {
    const found: [string, Uint8Array][] = [];
    if (limit <= 0) return found;
    // Everything here is synchronous: without a turn between its pages a long scan would keep the node from serving.
    await new Promise((resume) => setImmediate(resume));
    const range = this.#lmdb.getRange({ start: Buffer.from(from), end: Buffer.from(to), limit });
    for (const { key, value } of range) found.push([Buffer.from(key).toString(), Uint8Array.from(value)]);
    return found;
  }

  write(batch: readonly EngineWrite[], durability: Durability): Promise<WriteOutcome> {
    return this.#commits.write(batch, durability);
  }

  /** A failed commit left the pages of the last good one untouched; opening the file anew goes back to them. */
  async reopen(): Promise<Recovery> {
    const probe = await probeSpace(this.#directory);
    if (probe.type === "failed") return probe;
    await this.#commits.drain();
    try {
      await this.#lmdb.close();
      this.#lmdb = await opened(this.#directory);
    } catch (thrown) {
      return { type: "failed", reason: messageOf(thrown) };
    }
    this.#commits = this.#freshCommits();
    return { type: "recovered" };
  }

  async close(): Promise<void> {
    await this.#commits.drain();
    await this.#lmdb.close();
    await this.#lock.close();
  }

  isCorruption(thrown: unknown): boolean {
    return isLmdbCorruption(thrown);
  }

  #freshCommits(): GroupCommit {
    return new GroupCommit({
      commit: (writes) => commit(this.#lmdb, writes),
      observe: this.#observeCommit,
      isPassing: (reason) => isDiskFull(reason) || /input\/output error/i.test(reason),
    });
  }
}

export function isLmdbCorruption(thrown: unknown): boolean {
  if (thrown instanceof DamagedStore) return true;
  return /MDB_(CORRUPTED|PAGE_NOTFOUND|INVALID|PANIC|VERSION_MISMATCH)/.test(messageOf(thrown));
}

async function opened(directory: string): Promise<Lmdb> {
  const fault = await faultOf(join(directory, "data.mdb"));
  if (fault !== undefined) throw new DamagedStore(fault);
  // Loaded when it is needed: a node on LevelDB does not pay for it at its start.
  const lmdb = await import("lmdb");
  return lmdb.open<Uint8Array, Uint8Array>({
    path: directory,
    noSubdir: false,
    pageSize: pageBytes,
    encoding: "binary",
    keyEncoding: "binary",
    overlappingSync: false,
    separateFlushed: true,
    // Else the batch of each turn has a promise of its own, which nobody can catch when its commit fails.
    eventTurnBatching: false,
  });
}

/**
 * One sentence when the file is none of LMDB's, or ends before the last page that its header speaks of. LMDB may
 * leave free pages at the end unwritten, which is taken for damage here too: the tree might need them.
 */
async function faultOf(path: string): Promise<string | undefined> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const metas = await Promise.all([0, 1].map((page) => metaAt(file, page)));
    const [newest] = metas.toSorted((a, b) => Number(b.transaction - a.transaction));
    if (newest === undefined || metas.some(({ magic }) => magic !== 0xbeefc0de)) {
      return "its file does not begin as one of LMDB does";
    }
    const needed = (Number(newest.lastPage) + 1) * pageBytes;
    return size >= needed ? undefined : `its file has ${size} bytes where its header speaks of ${needed}`;
  } finally {
    await file.close();
  }
}

/** The parts of a meta page that matter here; zeros where the file has none. */
async function metaAt(file: FileHandle, page: number) {
  const bytes = Buffer.alloc(metaBytes);
  await file.read(bytes, 0, metaBytes, page * pageBytes);
  return {
    magic: bytes.readUInt32LE(24),
    lastPage: bytes.readBigUInt64LE(144),
    transaction: bytes.readBigUInt64LE(152),
  };
}

async function commit(lmdb: Lmdb, writes: readonly EngineWrite[]): Promise<void> {
  const keyed = writes.map((write) => ({ write, key: Buffer.from(write.key) }));
  // Thrown in the middle of a batch it would leave half of it behind.
  const tooLong = keyed.find(({ key }) => key.length > keyBytesMax);
  if (tooLong !== undefined)
    throw new Error(`a key has ${tooLong.key.length} bytes, of at most ${keyBytesMax}`);
  const written = lmdb.batch(() => {
    for (const { write, key } of keyed) {
      // Each has a promise of its own, which says what that of the batch says.
      const one = write.type === "put" ? lmdb.put(key, write.bytes) : lmdb.remove(key);
      one.catch(() => undefined);
    }
  });
  try {
    await flushedOf(written);
  } catch (thrown) {
    throw await causeOf(thrown);
  }
}

/** The binding says only that a commit failed; why comes later, in a promise of its own. */
async function causeOf(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || !("commitError" in thrown)) return thrown;
  try {
    await thrown.commitError;
    return thrown;
  } catch (cause) {
    return cause;
  }
}

function flushedOf(written: Promise<unknown> & { readonly flushed?: Promise<unknown> }): Promise<unknown> {
  return written.flushed ?? written;
}
