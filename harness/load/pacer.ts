/**
 * Wakes the load loop when an arrival is due. Three ways, from the most to the least careful with the machine:
 *
 * - worker: a thread sleeps in `Atomics.wait` until the next arrival and posts a message. Late by under a tenth of a
 *   millisecond for a tenth of a core, so it is the default.
 * - timer: a `setTimeout` for the next arrival; late by a millisecond, and needs no thread.
 * - spin: looks at the clock all the time; late by microseconds, for a whole core.
 */
import { Worker } from "node:worker_threads";
import type { RunClock } from "../client/run-clock.ts";

export type PacerKind = "worker" | "timer" | "spin";

/** Runs once: started, then stopped. */
export interface Pacer {
  /**
   * Calls `onDue` soon after each time in `schedule` (ascending µs of the run), at least once for each run of times
   * that have passed. `onFailure`: no more calls will come.
   */
  start(schedule: Float64Array, onDue: () => void, onFailure: (reason: string) => void): void;
  /** No more calls once it resolves. */
  stop(): Promise<void>;
}

/** What the pacer's thread is given. Both arrays are shared. */
export type PacerWork = {
  readonly schedule: Float64Array<SharedArrayBuffer>;
  /** The thread ends when this is no longer 0. */
  readonly stopped: Int32Array<SharedArrayBuffer>;
  readonly startedHr: bigint;
};

/** `workerUrl`: the bundle of pacer-worker.ts. `startedHr`: when the run starts, as `process.hrtime.bigint()`. */
export class WorkerPacer implements Pacer {
  readonly #workerUrl: URL;
  readonly #startedHr: bigint;
  readonly #stopped = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;

  constructor(workerUrl: URL, startedHr: bigint) {
    this.#workerUrl = workerUrl;
    this.#startedHr = startedHr;
  }

  start(schedule: Float64Array, onDue: () => void, onFailure: (reason: string) => void): void {
    const shared = new Float64Array(new SharedArrayBuffer(schedule.byteLength));
    shared.set(schedule);
    const workerData: PacerWork = { schedule: shared, stopped: this.#stopped, startedHr: this.#startedHr };
    this.#worker = new Worker(this.#workerUrl, { workerData });
    this.#worker.on("message", onDue);
    this.#worker.on("error", (thrown) => onFailure(`The pacer's thread failed: ${String(thrown)}.`));
  }

  async stop(): Promise<void> {
    Atomics.store(this.#stopped, 0, 1);
    Atomics.notify(this.#stopped, 0);
    this.#worker?.removeAllListeners("message");
    await this.#worker?.terminate();
  }
}

export class TimerPacer implements Pacer {
  readonly #clock: RunClock;
  #cancel: () => void = () => {};
  #isStopped = false;

  constructor(clock: RunClock) {
    this.#clock = clock;
  }

  start(schedule: Float64Array, onDue: () => void): void {
    let next = 0;
    const wake = (): void => {
      const now = this.#clock.now();
      const first = next;
      while ((schedule[next] ?? Infinity) <= now) next += 1;
      if (next > first) onDue();
      const at = schedule[next];
      if (at === undefined || this.#isStopped) return;
      this.#cancel = this.#clock.after(Math.max(0, (at - this.#clock.now()) / 1000), wake);
    };
    wake();
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    return Promise.resolve();
  }
}

export class SpinPacer implements Pacer {
  readonly #clock: Pick<RunClock, "now">;
  #isStopped = false;

  constructor(clock: Pick<RunClock, "now">) {
    this.#clock = clock;
  }

  start(schedule: Float64Array, onDue: () => void): void {
    let next = 0;
    const look = (): void => {
      const now = this.#clock.now();
      const first = next;
      while ((schedule[next] ?? Infinity) <= now) next += 1;
      if (next > first) onDue();
      if (next < schedule.length && !this.#isStopped) setImmediate(look);
    };
    look();
  }

  stop(): Promise<void> {
    this.#isStopped = true;
    return Promise.resolve();
  }
}
