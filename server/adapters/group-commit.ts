/**
 * Many writers, one sync: the writes that arrive while a sync is under way are applied together by the next one.
 *
 * One commit runs at a time and takes every write that waits, so the order of the calls is the order on the disk,
 * and a busy node pays one fsync for a hundred writers where an idle one pays one each (the paper's object buffer,
 * §6.1, without its window of loss).
 *
 * The first failed commit is the last one. An engine's log that took half a record may hide what is appended behind
 * it at the next start, and a failed fsync may have dropped pages it reports as clean (so asking again would lie).
 * From then on every write is refused; opening the store anew reads what the disk really holds. A full disk, a quota
 * or a limit on the file's size is no reason to end the node, which can still serve reads. Any other failure is
 * `fatal`, unless the engine knows better: LevelDB does not say whether an I/O error came from a write or from the
 * sync behind it, so the worse is assumed.
 */
import type { Durability, WriteOutcome } from "../ports/storage.ts";
import { type CommitObserver, type EngineWrite, messageOf } from "./framed-storage.ts";

/** Applies `writes` as one atomic batch and resolves when it is on the disk (`isSynced`) or in its cache. */
export type Commit = (writes: readonly EngineWrite[], isSynced: boolean) => Promise<void>;

export type GroupCommitParts = {
  readonly commit: Commit;
  readonly observe: CommitObserver;
  /** Whether a commit that failed with this reason leaves the store as it was before, once it is opened anew. */
  readonly isPassing: (reason: string) => boolean;
};

export type GroupCommitLimits = {
  /** Bytes one commit may carry, unless a single batch is larger: bounds how long a writer waits for others. */
  readonly commitBytesMax: number;
  /** Bytes that may wait for the disk; beyond it writes are refused at once. */
  readonly waitingBytesMax: number;
};

export const defaultGroupCommitLimits: GroupCommitLimits = {
  commitBytesMax: 4 * 1024 * 1024,
  waitingBytesMax: 64 * 1024 * 1024,
};

type Waiting = {
  readonly batch: readonly EngineWrite[];
  readonly durability: Durability;
  readonly bytes: number;
  readonly answer: (outcome: WriteOutcome) => void;
};

export class GroupCommit {
  readonly #parts: GroupCommitParts;
  readonly #limits: GroupCommitLimits;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;
  #failure: { readonly reason: string; readonly fatal: boolean } | undefined;

  constructor(parts: GroupCommitParts, limits: GroupCommitLimits = defaultGroupCommitLimits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  write(batch: readonly EngineWrite[], durability: Durability): Promise<WriteOutcome> {
    const bytes = bytesOf(batch);
    const refusal = this.#failure ?? this.#overload(bytes);
    if (refusal !== undefined) return Promise.resolve({ type: "failed", ...refusal });
    return new Promise((answer) => {
      this.#waiting.push({ batch, durability, bytes, answer });
      this.#waitingBytes += bytes;
      this.#running ??= this.#run();
    });
  }

  /** Resolves when no write waits or is under way. */
  async drain(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // One turn of the event loop later, so that all writes of one round of network reads share the first commit.
    await new Promise((resume) => setImmediate(resume));
    while (this.#waiting.length > 0) await this.#commitNext();
    this.#running = undefined;
  }

  async #commitNext(): Promise<void> {
    const group = this.#takeGroup();
    const isSynced = group.some((waiting) => waiting.durability === "synced");
    const outcome =
      this.#failure === undefined ? await this.#tryCommit(group, isSynced) : failed(this.#failure);
    for (const waiting of group) waiting.answer(outcome);
  }

  async #tryCommit(group: readonly Waiting[], isSynced: boolean): Promise<WriteOutcome> {
    const writes = group.flatMap((waiting) => waiting.batch);
    const beganMs = performance.now();
    try {
      await this.#parts.commit(writes, isSynced);
      this.#parts.observe({ writeCount: writes.length, isSynced, durationMs: performance.now() - beganMs });
      return { type: "written", durability: isSynced ? "synced" : "buffered" };
    } catch (thrown) {
      const reason = messageOf(thrown);
      this.#failure = { reason, fatal: !this.#parts.isPassing(reason) };
      return failed(this.#failure);
    }
  }

  #takeGroup(): readonly Waiting[] {
    let count = 0;
    let bytes = 0;
    for (const waiting of this.#waiting) {
      if (count > 0 && bytes + waiting.bytes > this.#limits.commitBytesMax) break;
      count += 1;
      bytes += waiting.bytes;
    }
    const group = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    this.#waitingBytes -= bytes;
    return group;
  }

  #overload(bytes: number): { reason: string; fatal: false } | undefined {
    if (this.#waitingBytes === 0 || this.#waitingBytes + bytes <= this.#limits.waitingBytesMax)
      return undefined;
    return { reason: `${this.#waitingBytes} bytes already wait for the disk`, fatal: false };
  }
}

function failed(failure: { readonly reason: string; readonly fatal: boolean }): WriteOutcome {
  return { type: "failed", ...failure };
}

/** No room, a quota, or a limit on the size of files. */
export function isDiskFull(reason: string): boolean {
  return /no space left on device|disk quota exceeded|file too large/i.test(reason);
}

function bytesOf(batch: readonly EngineWrite[]): number {
  let bytes = 0;
  for (const write of batch) bytes += write.key.length + (write.type === "put" ? write.bytes.length : 0);
  return bytes;
}
