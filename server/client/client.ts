/**
 * What an application links to use the store.
 *
 *     const client = await connect({ seeds: [{ nodeId: "a", host: "127.0.0.1", httpPort: 7100 }] });
 *     const session = client.session();
 *     const cart = await session.get("carts", "ada");
 *     if (cart.type === "ok") {
 *       const merged = mergeCarts(cart.siblings.map(({ value }) => value));
 *       await session.put("carts", "ada", merged, { isRetrySafe: true });
 *     }
 *     await client.close();
 *
 * A read gives every concurrent value; reconciling them is the application's (Dynamo §4.4). A write ends in one of
 * three ways: `ok`, `fail` (it did not happen), `info` (nobody knows). See `pursuit.ts` for when it is tried again.
 */
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import type { Driver, ReadEnding, Refused, WriteEnding, WriteRequest } from "./entry.ts";
import { defaultPatience, type Patience, pursue } from "./pursuit.ts";
import { Session, type SessionOptions } from "./session.ts";

export type ReadOptions = {
  readonly r?: number;
  readonly pr?: number;
  /** The answer must cover what this token says. */
  readonly minContext?: string;
};

export type WriteOptions = {
  /** What the writer has seen: the context of the read that its value was made from. Absent is a blind write. */
  readonly context?: string;
  /** The write's own name, 1 to 128 printable ASCII characters; minted when absent. Another write needs another. */
  readonly writeId?: string;
  readonly w?: number;
  readonly pw?: number;
  readonly dw?: number;
  /** Two copies of the value merge into one, so a write that may have happened may be sent again (default false). */
  readonly isRetrySafe?: boolean;
};

export type ClientParts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly driver: Driver;
  readonly patience?: Patience;
};

export class Client {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #driver: Driver;
  readonly #patience: Patience;

  constructor({ clock, random, driver, patience = defaultPatience }: ClientParts) {
    this.#clock = clock;
    this.#random = random;
    this.#driver = driver;
    this.#patience = patience;
  }

  /** All concurrent values of a key, none of an absent or deleted one. Never rejects. */
  get(bucket: string, key: string, options: ReadOptions = {}): Promise<ReadEnding> {
    const fault = faultOf(bucket, key);
    if (fault !== undefined) return Promise.resolve(badRequest(fault));
    const request = { bucket, key, ...options };
    return pursue(this.#patience, this.#clock, true, (attempt) => this.#driver.read(request, attempt));
  }

  /** Never rejects. */
  put(bucket: string, key: string, value: Uint8Array, options: WriteOptions = {}): Promise<WriteEnding> {
    return this.write(bucket, key, value, options);
  }

  /** Deletes what `context` has seen; refused without one. Never rejects. */
  delete(bucket: string, key: string, options: WriteOptions): Promise<WriteEnding> {
    return this.write(bucket, key, null, options);
  }

  /** A put, or with null a delete. */
  write(
    bucket: string,
    key: string,
    value: Uint8Array | null,
    { isRetrySafe = false, ...options }: WriteOptions,
  ): Promise<WriteEnding> {
    const request = { writeId: this.#mintedId(), ...options, bucket, key, value };
    const fault = faultOf(bucket, key) ?? faultOfWrite(request);
    if (fault !== undefined) return Promise.resolve(badRequest(fault));
    return pursue(this.#patience, this.#clock, isRetrySafe, (attempt) =>
      this.#driver.write(request, attempt),
    );
  }

  session(options: SessionOptions = {}): Session {
    return new Session(this, options);
  }

  /** Ends connections and background work. Requests under way end as they may. */
  close(): Promise<void> {
    return this.#driver.close();
  }

  #mintedId(): string {
    return Buffer.from(this.#random.bytes(16)).toString("hex");
  }
}

const loneSurrogate = /\p{Surrogate}/u;
const writeIdPattern = /^[\x20-\x7e]{1,128}$/;

/** What could not even be said in a request. Everything else is for the store to judge. */
function faultOf(bucket: string, key: string): string | undefined {
  if (bucket === "" || key === "") return "The bucket and the key must not be empty.";
  return loneSurrogate.test(bucket + key) ? "The bucket and the key must have a form as UTF-8." : undefined;
}

function faultOfWrite({ writeId, value, context }: WriteRequest): string | undefined {
  if (!writeIdPattern.test(writeId)) return "The write id must be 1 to 128 printable ASCII characters.";
  if (value === null && context === undefined) return "A delete needs the context of what it deletes.";
  return undefined;
}

function badRequest(detail: string): Refused<"fail"> {
  return { type: "fail", error: "bad-request", detail };
}
