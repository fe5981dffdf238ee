/**
 * The trace as JSON lines in a file, for a person who follows one write through a node.
 *
 * Lines reach the kernel within one turn of the event loop, so a killed node leaves a true log. The file is bounded:
 * full, it is renamed to `<file>.1` (replacing the one before) and a new one begins, so the newest events are kept
 * and at most twice the bound is used. A log that cannot be written stops itself and leaves the node alone.
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import type { Clock } from "../ports/clock.ts";
import type { Trace, TraceEvent } from "../ports/trace.ts";

export const eventLogBytesMax = 64 * 1024 * 1024;

export class EventLog implements Trace {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #bytesMax: number;
  #file: number | undefined;
  #bytes: number;
  #lines: string[] = [];

  /** Throws when `path` cannot be opened for appending. */
  constructor(path: string, clock: Clock, bytesMax: number = eventLogBytesMax) {
    this.#path = path;
    this.#clock = clock;
    this.#bytesMax = bytesMax;
    this.#file = openSync(path, "a");
    this.#bytes = fstatSync(this.#file).size;
  }

  emit(event: TraceEvent): void {
    if (this.#file === undefined) return;
    this.#lines.push(JSON.stringify({ atMs: this.#clock.monotonicMs(), ...event }));
    if (this.#lines.length === 1) setImmediate(() => this.flush());
  }

  /** Writes what is still held back; also done by itself once a turn. */
  flush(): void {
    if (this.#file === undefined || this.#lines.length === 0) return;
    const text = `${this.#lines.join("\n")}\n`;
    this.#lines = [];
    try {
      this.#bytes += writeSync(this.#file, text);
      if (this.#bytes >= this.#bytesMax) this.#startAnew();
    } catch {
      this.#stop();
    }
  }

  close(): void {
    this.flush();
    this.#stop();
  }

  #startAnew(): void {
    this.#stop();
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, "a");
    this.#bytes = 0;
  }

  #stop(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** One sink over several, called in order. */
export function traceToAll(sinks: readonly Trace[]): Trace {
  return {
    emit: (event) => {
      for (const sink of sinks) sink.emit(event);
    },
  };
}
