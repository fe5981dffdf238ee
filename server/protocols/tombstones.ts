/**
 * The deleted keys this node holds as a home, and since when each has lain here unchanged: what the reaping of
 * tombstones begins with (reaping.ts).
 *
 * All of it is memory and is filled again by the scan at start. Ages are monotonic time of this boot. A process that
 * was stopped has messages waiting in its sockets that are as old as the stop was long, so no age counts from before
 * it was last woken.
 */
import type { StateHash } from "../core/state-hash.ts";
import type { KeyState } from "../core/versions.ts";
import type { Clock } from "../ports/clock.ts";
import type { KeyName } from "../rpc/messages.ts";
import type { Placement } from "./placement.ts";
import type { StallWatch } from "./stall-watch.ts";

export type DeletedKey = { readonly name: KeyName; readonly hash: StateHash; readonly sinceMs: number };

/** Some 300 bytes each; what is beyond waits until a reading-through of the store meets it again. */
const deletedCountMax = 100_000;

export class Tombstones {
  readonly #clock: Clock;
  readonly #stallWatch: StallWatch;
  readonly #graceMs: number;
  /** By storage key. */
  readonly #deleted = new Map<string, DeletedKey>();

  constructor(clock: Clock, stallWatch: StallWatch, graceMs: number) {
    this.#clock = clock;
    this.#stallWatch = stallWatch;
    this.#graceMs = graceMs;
  }

  /** The key's record here is `state`, whose hash is `hash`; met for the first time, changed, or as before. */
  note({ storageKey, bucket }: Placement, name: KeyName, state: KeyState, hash: StateHash | undefined): void {
    const isDeleted = state.siblings.length > 0 && state.siblings.every(({ value }) => value === null);
    if (!isDeleted || hash === undefined || bucket.tombstones === "keep") {
      this.#deleted.delete(storageKey);
      return;
    }
    if (this.#deleted.get(storageKey)?.hash === hash) return;
    this.#deleted.delete(storageKey);
    if (this.#deleted.size >= deletedCountMax) return;
    const { bucket: bucketName, key } = name;
    this.#deleted.set(storageKey, {
      name: { bucket: bucketName, key },
      hash,
      sinceMs: this.#clock.monotonicMs(),
    });
  }

  /** The record is gone or unreadable. */
  forget(storageKey: string): void {
    this.#deleted.delete(storageKey);
  }

  /** Those that have lain here unchanged for the whole grace. */
  ripe(): readonly DeletedKey[] {
    return this.isCalm() ? [...this.#deleted.values()].filter((deleted) => this.#isOld(deleted)) : [];
  }

  /** Whether this very state has lain here unchanged for the whole grace. */
  isRipe(storageKey: string, hash: StateHash): boolean {
    const deleted = this.#deleted.get(storageKey);
    return deleted !== undefined && deleted.hash === hash && this.isCalm() && this.#isOld(deleted);
  }

  /** Whether this process has run through the whole grace, so that nothing older than it is still under way here. */
  isCalm(): boolean {
    return this.#stallWatch.awakeForMs() >= this.#graceMs;
  }

  #isOld({ sinceMs }: DeletedKey): boolean {
    return this.#clock.monotonicMs() - sinceMs >= this.#graceMs;
  }
}
