/**
 * A world made of one seed: virtual time, chance, and a record of everything that happened.
 *
 * Nothing happens between events. The world takes the next event, jumps to its time, runs it, and lets every
 * microtask it caused settle before it takes another; so a run is a function of its seed, down to the order of the
 * continuations of promises, and an hour of virtual time costs no waiting.
 *
 * Each part of the world draws from a stream of its own, derived from the seed and the part's name: a link, a disk,
 * a node, a fault. Taking one fault away then leaves the chances of all others as they were, which is what lets a
 * failing run be made smaller. (One stream for everything reshuffles the whole run at the first change.)
 */
import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { Cancel } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";
import { EventQueue } from "./event-queue.ts";

/** A stream of chance, with what a world needs beyond the port. */
export interface RandomStream extends Random {
  /** Uniform integer, both ends included. */
  integer(from: number, to: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
}

export class World {
  readonly seed: number;
  readonly #events = new EventQueue();
  readonly #lines: string[] = [];
  readonly #lineTimesMs: number[] = [];
  #nowMs = 0;
  #failure: Error | undefined;

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Virtual milliseconds since the world began, fractional. */
  nowMs(): number {
    return this.#nowMs;
  }

  /** The stream of the part of the world with this name, from its beginning. */
  random(name: string): RandomStream {
    const digest = createHash("sha256").update(`${this.seed}/${name}`).digest();
    const generator = xoroshiro128plus(digest.readInt32LE(0));
    return {
      uniform: () => uniformFloat64(generator),
      bytes: (length) => Uint8Array.from({ length }, () => uniformInt(generator, 0, 255)),
      integer: (from, to) => uniformInt(generator, from, to),
      happens: (probability) => probability > 0 && uniformFloat64(generator) < probability,
    };
  }

  /** Runs `action` as an event of its own, `delayMs` (>= 0) from now, unless cancelled first. */
  after(delayMs: number, action: () => void): Cancel {
    if (!(delayMs >= 0)) throw new Error(`seed ${this.seed}: an event ${delayMs} ms from now`);
    const event = this.#events.add(this.#nowMs + delayMs, action);
    return () => {
      event.isCancelled = true;
    };
  }

  /**
   * Ends the run: whatever drives the world throws `cause`, with the seed. For what cannot happen in a healthy
   * program, such as a handler of messages that rejects.
   */
  fail(cause: unknown): void {
    this.#failure ??= new Error(`seed ${this.seed}, at ${this.#nowMs.toFixed(3)} ms`, { cause });
  }

  /** Adds a line to the record of this run, stamped with the virtual time. */
  note(line: string): void {
    this.#lines.push(line);
    this.#lineTimesMs.push(this.#nowMs);
  }

  /** Everything noted so far. Two runs of one seed have equal lines; the first difference names what leaked in. */
  lines(): readonly string[] {
    return this.#lines.map((line, index) => `${this.#lineTimesMs[index]?.toFixed(3)} ${line}`);
  }

  /** Lets one event happen, if there is one, and everything it causes settle. Returns whether there was one. */
  async step(): Promise<boolean> {
    let askedCount = 0;
    await this.#drive(() => {
      askedCount += 1;
      return askedCount > 1;
    });
    return askedCount > 1;
  }

  /** Lets `durationMs` of virtual time pass. */
  async runFor(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    this.after(durationMs, () => {});
    await this.#drive(() => this.#nowMs >= endMs);
  }

  /**
   * Lets events happen until `promise` settles, and gives its value. Throws, with the seed, when it has not settled
   * after `limitMs` of virtual time or when nothing is left that could settle it.
   */
  async run<T>(promise: Promise<T>, limitMs = 600_000): Promise<T> {
    const waiting = new Set([promise]);
    const settle = () => waiting.clear();
    promise.then(settle, settle);
    const deadlineMs = this.#nowMs + limitMs;
    await this.#drive(() => waiting.size === 0 || this.#nowMs > deadlineMs);
    if (waiting.size === 0) return promise;
    if (this.#nowMs > deadlineMs) throw new Error(`seed ${this.seed}: still waiting after ${limitMs} ms`);
    throw new Error(`seed ${this.seed}: nothing is left to happen at ${this.#nowMs} ms`);
  }

  /**
   * Lets one event after another happen, each with everything it causes, until `isOver` or none is left. Rejects with
   * what an event threw, or with the failure of the run.
   */
  #drive(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => {
        if (this.#failure !== undefined) return reject(this.#failure);
        if (isOver()) return resolve();
        const event = this.#events.next();
        if (event === undefined) return resolve();
        this.#nowMs = event.atMs;
        try {
          event.action();
        } catch (cause) {
          return reject(cause);
        }
        whenSettled(turn);
      };
      whenSettled(turn);
    });
  }
}

/**
 * Calls back once no microtask is left. A tick asked for by a microtask comes after all of them, those they cause
 * included, and before anything else; an immediate would too, but costs a turn of the event loop for every event.
 */
function whenSettled(callBack: () => void): void {
  queueMicrotask(() => process.nextTick(callBack));
}
