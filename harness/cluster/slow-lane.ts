/**
 * Bytes of one direction of a relayed connection on their way through a shaped link: held back until they are due, in
 * order. What waits is bounded by the reader, who stops reading while the lane is full.
 */
import { dueMs, type PassingShape } from "./link-shape.ts";

/** Bytes that wait; more are not read meanwhile. */
const waitingMax = 256 * 1024;

export class SlowLane {
  readonly #pass: (chunk: Buffer) => void;
  readonly #onRoom: () => void;
  readonly #waiting: { readonly chunk: Buffer; readonly dueMs: number }[] = [];
  #bytes = 0;
  #lastMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #whenEmpty: (() => void)[] = [];

  /** `pass` takes what is due; `onRoom` hears that the lane can take more again. */
  constructor(pass: (chunk: Buffer) => void, onRoom: () => void) {
    this.#pass = pass;
    this.#onRoom = onRoom;
  }

  get isFull(): boolean {
    return this.#bytes >= waitingMax;
  }

  /** Without a shape a chunk passes at once, once all before it have. */
  take(chunk: Buffer, shape: PassingShape | undefined): void {
    if (shape === undefined && this.#waiting.length === 0) return this.#pass(chunk);
    const nowMs = performance.now();
    this.#lastMs =
      shape === undefined
        ? Math.max(this.#lastMs, nowMs)
        : dueMs(shape, { nowMs, lastMs: this.#lastMs, bytes: chunk.length, chance: Math.random() });
    this.#waiting.push({ chunk, dueMs: this.#lastMs });
    this.#bytes += chunk.length;
    this.#wait();
  }

  /** Once nothing waits any more. */
  afterAll(act: () => void): void {
    if (this.#waiting.length === 0) act();
    else this.#whenEmpty.push(act);
  }

  /** What waits is lost, and nothing acts any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#whenEmpty = [];
  }

  #wait(): void {
    const [next] = this.#waiting;
    if (next === undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#passDue(), Math.max(0, next.dueMs - performance.now()));
  }

  #passDue(): void {
    this.#timer = undefined;
    const wasFull = this.isFull;
    const nowMs = performance.now();
    for (let next = this.#waiting[0]; next !== undefined && next.dueMs <= nowMs; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#bytes -= next.chunk.length;
      this.#pass(next.chunk);
    }
    if (wasFull && !this.isFull) this.#onRoom();
    if (this.#waiting.length === 0) for (const act of this.#whenEmpty.splice(0)) act();
    this.#wait();
  }
}
