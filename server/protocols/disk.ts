/**
 * The node's storage with what the node has to conclude from its failures.
 *
 * After a write that failed nobody knows what the disk holds, so the node turns read-only: it goes on answering
 * reads and hints, and refuses to be counted for writes until the store has been opened anew (`disk-recovery.ts`). A
 * failed sync is worse: the operating system may have marked the lost page as clean, a second sync would succeed and
 * mean nothing. Then the node ends.
 */
import { TrailingPercentile } from "../core/trailing-percentile.ts";
import type { Clock } from "../ports/clock.ts";
import type {
  Durability,
  Entry,
  ReadOutcome,
  Space,
  Storage,
  Write,
  WriteOutcome,
} from "../ports/storage.ts";
import type { Trace } from "../ports/trace.ts";
import { deferred } from "./deferred.ts";
import { type BufferLimits, ObjectBuffer } from "./object-buffer.ts";

export type ScanOutcome =
  | { readonly type: "entries"; readonly entries: readonly Entry[] }
  | { readonly type: "failed"; readonly reason: string };

export class Disk {
  readonly #storage: ObjectBuffer;
  readonly #clock: Clock;
  readonly #trace: Trace;
  readonly #readMs = new TrailingPercentile();
  readonly #fatal = deferred<string>();
  #isReadOnly = false;
  #isFatal = false;

  constructor(storage: Storage, clock: Clock, limits: BufferLimits, trace: Trace) {
    this.#storage = new ObjectBuffer(storage, clock, limits, (outcome) => this.#conclude(outcome));
    this.#clock = clock;
    this.#trace = trace;
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  /** Resolves when the disk can no longer be trusted at all. */
  fatal(): Promise<string> {
    return this.#fatal.promise;
  }

  /** Whether the record's latest write is in memory only. */
  isBuffered(space: Space, key: string): boolean {
    return this.#storage.isBuffered(space, key);
  }

  async read(space: Space, key: string): Promise<ReadOutcome> {
    const beganMs = this.#clock.monotonicMs();
    const outcome = await this.#storage.read(space, key);
    const nowMs = this.#clock.monotonicMs();
    this.#readMs.observe(nowMs - beganMs, nowMs);
    return outcome;
  }

  /** 99th percentile of the reads of the last minute; undefined when there were too few to tell. */
  readP99Ms(): number | undefined {
    return this.#readMs.at(0.99, this.#clock.monotonicMs());
  }

  /** The store says that it has lost records. */
  tellLoss(reason: string): void {
    this.#trace.emit({ type: "records-lost", reason });
  }

  async write(batch: readonly Write[], durability: Durability): Promise<WriteOutcome> {
    if (this.#isReadOnly) return { type: "failed", reason: "an earlier write failed", fatal: false };
    const outcome = await this.#storage.write(batch, durability);
    if (outcome.type === "failed") this.#conclude(outcome);
    return outcome;
  }

  /**
   * After a failure that was not fatal: tries to open the store anew. Writes are taken again when `begin`, called in
   * the same turn, has forgotten what memory believed of the disk.
   */
  async recover(begin: () => void): Promise<boolean> {
    if (this.#isFatal) return false;
    const recovery = await this.#storage.recover();
    if (recovery.type === "failed") return false;
    this.#isReadOnly = false;
    begin();
    this.#trace.emit({ type: "storage-recovered" });
    return true;
  }

  /** Keys that begin with `prefix`, after `after` if it is given; at most `limit` of them. */
  async scan(
    space: Space,
    { prefix, after, limit }: { readonly prefix: string; readonly after?: string; readonly limit: number },
  ): Promise<ScanOutcome> {
    const from = after === undefined ? prefix : `${after}\u0000`;
    try {
      const entries = await this.#storage.scan(space, { from, to: `${prefix}\u{10FFFF}`, limit });
      return { type: "entries", entries };
    } catch (cause) {
      return { type: "failed", reason: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  close(): Promise<void> {
    return this.#storage.close();
  }

  #conclude({ reason, fatal }: Extract<WriteOutcome, { type: "failed" }>): void {
    if (!this.#isReadOnly) this.#trace.emit({ type: "storage-failed", reason });
    this.#isReadOnly = true;
    if (!fatal) return;
    this.#isFatal = true;
    this.#fatal.resolve(reason);
  }
}
