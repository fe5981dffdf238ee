/**
 * One thing at a time for each key.
 *
 * A coordinator reads a key's state, changes it and writes it back; a single `await` in between would let another
 * change of the key slip in and be overwritten. So whoever changes a key waits for everyone who asked before.
 */
import { QueueLength } from "../core/queue-length.ts";
import { deferred } from "./deferred.ts";

export type Release = () => void;

export class KeyLocks {
  /** Those who wait, of all keys. */
  readonly queue = new QueueLength();
  /** Key -> what the next one has to wait for. */
  readonly #tails = new Map<string, Promise<void>>();

  /** Resolves when the key is this caller's alone; it must call the release exactly once, whatever happens. */
  async acquire(key: string): Promise<Release> {
    const before = this.#tails.get(key);
    const { promise: tail, resolve: open } = deferred<void>();
    this.#tails.set(key, tail);
    if (before !== undefined) this.queue.enter();
    await before;
    if (before !== undefined) this.queue.leave();
    return () => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
      open();
    };
  }
}
