/**
 * One user's way through the keys: what the user has seen of each, carried from request to request.
 *
 * The session keeps, for each key, the context of the last answer, and never looks inside. A write carries it and so
 * replaces exactly what the user has seen; the context that comes back covers that and the write. A *covering*
 * session also asks each read for an answer that covers it (`min-context`): then every context covers the one before,
 * the last is always the largest without any comparing, and what was read or written once is never unseen again. That
 * is read-your-writes and monotonic reads, paid for by this session alone: where the replicas at hand cannot cover
 * the context, the read fails (`quorum-unmet`) instead of answering from the past.
 *
 * The value of a `put` must be made from the last `get`, since it replaces all that one returned.
 */
import { KeyLocks } from "../protocols/key-locks.ts";
import type { Client, ReadOptions, WriteOptions } from "./client.ts";
import type { ReadEnding, WriteEnding } from "./entry.ts";

/** Keys whose context a session remembers; beyond it the one unused for longest is forgotten. */
export const sessionKeyCountMax = 10_000;

export type SessionOptions = { readonly isCovering?: boolean };

export class Session {
  readonly #client: Client;
  readonly #isCovering: boolean;
  readonly #locks = new KeyLocks();
  /** Least recently used first. */
  readonly #contexts = new Map<string, string>();

  /** `isCovering`: no read may answer with less than the session has seen (default false). */
  constructor(client: Client, { isCovering = false }: SessionOptions = {}) {
    this.#client = client;
    this.#isCovering = isCovering;
  }

  get(bucket: string, key: string, options: ReadOptions = {}): Promise<ReadEnding> {
    return this.#inTurn(bucket, key, (context) => {
      const floor = this.#isCovering && context !== undefined ? { minContext: context } : {};
      return this.#client.get(bucket, key, { ...options, ...floor });
    });
  }

  put(bucket: string, key: string, value: Uint8Array, options: WriteOptions = {}): Promise<WriteEnding> {
    return this.#write(bucket, key, value, options);
  }

  /** Deletes all that the session has seen of the key; nothing else. */
  delete(bucket: string, key: string, options: WriteOptions = {}): Promise<WriteEnding> {
    return this.#write(bucket, key, null, options);
  }

  /** What the session has seen of a key, as the token to hand on to another one; undefined when nothing. */
  context(bucket: string, key: string): string | undefined {
    return this.#contexts.get(nameOf(bucket, key));
  }

  #write(bucket: string, key: string, value: Uint8Array | null, options: WriteOptions): Promise<WriteEnding> {
    return this.#inTurn(bucket, key, (context) => {
      const seen = context === undefined ? {} : { context };
      return this.#client.write(bucket, key, value, { ...options, ...seen });
    });
  }

  /** One request of a key at a time: of two that overlap, neither would know what the other has seen. */
  async #inTurn<Ending extends ReadEnding | WriteEnding>(
    bucket: string,
    key: string,
    ask: (context: string | undefined) => Promise<Ending>,
  ): Promise<Ending> {
    const name = nameOf(bucket, key);
    const release = await this.#locks.acquire(name);
    try {
      const ending = await ask(this.#contexts.get(name));
      if (ending.type === "ok") this.#remember(name, ending.context);
      return ending;
    } finally {
      release();
    }
  }

  #remember(name: string, context: string): void {
    this.#contexts.delete(name);
    this.#contexts.set(name, context);
    const [oldest] = this.#contexts.keys();
    if (this.#contexts.size > sessionKeyCountMax && oldest !== undefined) this.#contexts.delete(oldest);
  }
}

/** A bucket's name holds no zero byte. */
function nameOf(bucket: string, key: string): string {
  return `${bucket}\0${key}`;
}
