/**
 * The run second by second as comma-separated values, for a spreadsheet or a data frame: the numbers under the
 * report's charts, every second of them however long the run was.
 *
 * Fields follow RFC 4180. Names of phases and faults come from the plan, so one that a spreadsheet would take for a
 * formula is preceded by an apostrophe. An empty field means that too few requests were measured to name the number.
 */
import type { History } from "../../checkers/history/history.ts";
import { type IntervalFigures, intervalsOf, tallyIntervals } from "../intervals.ts";
import { visibleLine } from "../visible-text.ts";

const columns = [
  "from_s",
  "until_s",
  "phase",
  "fault",
  "due",
  "answered",
  "ok",
  "slow",
  "failed",
  "unknown",
  "dropped",
  "p50_ms",
  "p90_ms",
  "p99_ms",
  "p999_ms",
  "max_ms",
  "lag_max_ms",
] as const;

/** One line a second, below a line of names; lines end in CR LF. */
export const timeSeriesCsv = (history: History): string =>
  [columns.join(","), ...intervalsOf(tallyIntervals(history, 1e6)).map((one) => line(history, one)), ""].join(
    "\r\n",
  );

const line = (history: History, one: IntervalFigures): string => {
  const phase = history.phases.find(({ from, until }) => one.from >= from && one.from < until);
  const faults = history.faults.filter(
    ({ activeFrom, healedAt = Number.POSITIVE_INFINITY }) =>
      activeFrom !== undefined && activeFrom < one.until && healedAt > one.from,
  );
  const due = one.okCount + one.failCount + one.infoCount + one.droppedCount;
  return [
    one.from / 1e6,
    one.until / 1e6,
    text(phase?.name ?? ""),
    text(faults.map(({ id }) => id).join(" + ")),
    due,
    one.answeredCount,
    one.okCount,
    one.slowCount,
    one.failCount,
    one.infoCount,
    one.droppedCount,
    ...[one.p50, one.p90, one.p99, one.p999, one.max, one.lagMsMax].map((ms) =>
      ms === null ? "" : ms.toFixed(3),
    ),
  ].join(",");
};

const text = (plain: string): string => {
  const shown = visibleLine(plain);
  const harmless = /^\s*[=+\-@]/.test(shown) ? `'${shown}` : shown;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};
