/**
 * The load over time: what was sent, how it ended and how long it took, second by second. A percentile that too few
 * requests stand behind is a gap, not a number: p99.9 of five hundred is one request's luck.
 */
import type { History } from "../history/history.ts";
import type { RequestKind } from "../history/rows.ts";
import { LatencyHistogram } from "./histogram.ts";

/** One second of the run; a request belongs to the second in which it was intended. */
export type SeriesPoint = {
  /** Whole seconds since the start of the run. */
  readonly second: number;
  readonly intended: number;
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
  /** Response time in milliseconds, from the intended start; null where too few were answered. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly p999Ms: number | null;
  readonly maxMs: number | null;
};

/** Answers that must lie beyond a percentile before it is told. */
const beyondMin = 3;

/** Every second up to the last one with a request, empty ones too; final reads are left out. */
export const seriesOf = (
  { requests }: History,
  kind: RequestKind | "any" = "any",
): readonly SeriesPoint[] => {
  const seconds: Second[] = [];
  for (let row = 0; row < requests.count; row++) {
    if (requests.isFinal(row) || (kind !== "any" && requests.kind(row) !== kind)) continue;
    const second = Math.max(0, Math.floor(requests.intended(row) / 1e6));
    while (seconds.length <= second) seconds.push(new Second(seconds.length));
    seconds[second]?.add(requests.outcome(row), requests.done(row) - requests.intended(row));
  }
  return seconds.map((second) => second.point());
};

class Second {
  readonly #second: number;
  /** Made only when something was answered: a histogram is 68 KiB. */
  #answered: LatencyHistogram | undefined;
  readonly #outcomes = { ok: 0, fail: 0, info: 0 };

  constructor(second: number) {
    this.#second = second;
  }

  add(outcome: "ok" | "fail" | "info", micros: number): void {
    this.#outcomes[outcome] += 1;
    if (outcome !== "ok") return;
    this.#answered ??= new LatencyHistogram();
    this.#answered.record(micros);
  }

  point(): SeriesPoint {
    const { ok, fail, info } = this.#outcomes;
    return {
      second: this.#second,
      intended: ok + fail + info,
      ok,
      failed: fail,
      unknown: info,
      p50Ms: this.#quantile(0.5),
      p99Ms: this.#quantile(0.99),
      p999Ms: this.#quantile(0.999),
      maxMs: this.#answered === undefined ? null : this.#answered.max / 1000,
    };
  }

  #quantile(quantile: number): number | null {
    const answered = this.#answered;
    if (answered === undefined || answered.count * (1 - quantile) < beyondMin) return null;
    return answered.valueAt(quantile) / 1000;
  }
}
