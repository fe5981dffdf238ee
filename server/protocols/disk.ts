/**
 * The node's storage with what the node has to conclude from its failures.
 *
 * After a write that failed nobody knows what the disk holds, so the node turns read-only: it goes on answering
 * reads and hints, and refuses to be counted for writes until it is restarted. A failed sync is worse: the operating
 * system may have marked the lost page as clean, a second sync would succeed and mean nothing. Then the node ends.
 */
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

export type ScanOutcome =
  | { readonly type: "entries"; readonly entries: readonly Entry[] }
  | { readonly type: "failed"; readonly reason: string };

export class Disk {
  readonly #storage: Storage;
  readonly #trace: Trace;
  readonly #fatal = deferred<string>();
  #isReadOnly = false;

  constructor(storage: Storage, trace: Trace) {
    this.#storage = storage;
    this.#trace = trace;
  }

  get isReadOnly(): boolean {
    return this.#isReadOnly;
  }

  /** Resolves when the disk can no longer be trusted at all. */
  fatal(): Promise<string> {
    return this.#fatal.promise;
  }

  read(space: Space, key: string): Promise<ReadOutcome> {
    return this.#storage.read(space, key);
  }

  async write(batch: readonly Write[], durability: Durability): Promise<WriteOutcome> {
    if (this.#isReadOnly) return { type: "failed", reason: "an earlier write failed", fatal: false };
    const outcome = await this.#storage.write(batch, durability);
    if (outcome.type === "failed") {
      if (!this.#isReadOnly) this.#trace.emit({ type: "storage-failed", reason: outcome.reason });
      this.#isReadOnly = true;
      if (outcome.fatal) this.#fatal.resolve(outcome.reason);
    }
    return outcome;
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
}
