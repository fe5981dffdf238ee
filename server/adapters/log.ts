/**
 * The trace as a log for whoever runs the node: one JSON object a line on standard error, for the few events that
 * somebody would want to know of, never for single requests.
 *
 *     {"level":"warn","at":"2026-11-22T03:00:00.000Z","node":"a","event":"peer-suspected","peer":"b"}
 *
 * An event that repeats is told at most ten times a second; how many were left out is told with the next one. Keys
 * of clients do not appear, except that of a damaged record, which somebody has to find.
 */
import { stderr } from "node:process";
import { type LogLevel, logLevels } from "../log-level.ts";
import type { Clock } from "../ports/clock.ts";
import type { Trace, TraceEvent } from "../ports/trace.ts";

type Severity = Exclude<LogLevel, "off">;

const linesPerSecondMax = 10;

export class Log implements Trace {
  readonly #least: number;
  readonly #node: string;
  readonly #clock: Clock;
  readonly #write: (line: string) => void;
  #secondStartMs = Number.NEGATIVE_INFINITY;
  #linesThisSecond = 0;
  #leftOut = 0;

  constructor(
    level: LogLevel,
    node: string,
    clock: Clock,
    write: (line: string) => void = (line) => void stderr.write(line),
  ) {
    this.#least = logLevels.indexOf(level);
    this.#node = node;
    this.#clock = clock;
    this.#write = write;
  }

  emit(event: TraceEvent): void {
    const level = severityOf(event);
    if (level === undefined || logLevels.indexOf(level) < this.#least || !this.#hasRoom()) return;
    const { type, ...fields } = event;
    const at = new Date(this.#clock.wallMs()).toISOString();
    const leftOut = this.#leftOut === 0 ? {} : { leftOut: this.#leftOut };
    this.#leftOut = 0;
    this.#write(`${JSON.stringify({ level, at, node: this.#node, event: type, ...fields, ...leftOut })}\n`);
  }

  #hasRoom(): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#secondStartMs >= 1000) {
      this.#secondStartMs = nowMs;
      this.#linesThisSecond = 0;
    }
    this.#linesThisSecond += 1;
    if (this.#linesThisSecond <= linesPerSecondMax) return true;
    this.#leftOut += 1;
    return false;
  }
}

/** How much an event matters to a person; undefined for what only metrics and the event log are told. */
function severityOf(event: TraceEvent): Severity | undefined {
  switch (event.type) {
    case "started":
    case "stopped":
    case "trees-built":
    case "peer-recovered":
    case "storage-recovered":
      return "info";
    case "peer-suspected":
    case "peer-refused":
    case "hint-refused":
    case "record-quarantined":
      return "warn";
    case "storage-failed":
    case "records-lost":
      return "error";
    default:
      return undefined;
  }
}
