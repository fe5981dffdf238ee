/**
 * Stored runs as rows, for `tipcart list` and for the first page in a browser: what is known of each without
 * reading its journal.
 */
import type { VerdictType } from "../checkers/verdict.ts";
import { conclusion, verdictWords } from "./conclusion.ts";
import type { RunRecord } from "./run-record.ts";
import { type RunState, runState } from "./run-state.ts";
import type { RunEntry, RunStore } from "./store.ts";
import { count, duration, instant } from "./units.ts";
import { visibleLine } from "./visible-text.ts";
import { type Kept, kept } from "./whole-file.ts";

export type ListedRun = {
  readonly entry: RunEntry;
  readonly state: RunState;
  /** Absent when the run was not judged, or its record cannot be read. */
  readonly record?: RunRecord;
};

export type RunFilter = {
  readonly name?: string;
  readonly verdict?: VerdictType | "none";
  /** Words that must all stand in the run's name, workload, conclusion or faults, in any case. */
  readonly text?: string;
};

/** Newest first; at most `limit` of those that fit. */
export const listRuns = async (
  store: RunStore,
  filter: RunFilter,
  { limit, nowMs }: { readonly limit: number; readonly nowMs: number },
): Promise<Kept<readonly ListedRun[]>> => {
  const entries = await store.list();
  if (entries.type === "failed") return entries;
  const fitting: ListedRun[] = [];
  for (const entry of entries.value) {
    if (fitting.length >= limit) break;
    if (filter.name !== undefined && filter.name !== "" && entry.name !== filter.name) continue;
    const read = entry.hasVerdict ? await store.readVerdict(entry.folder) : undefined;
    const run: ListedRun = {
      entry,
      state: await runState(entry, nowMs),
      ...(read?.type === "ok" ? { record: read.value } : {}),
    };
    if (fits(run, filter)) fitting.push(run);
  }
  return kept(fitting);
};

const fits = ({ entry, record }: ListedRun, { verdict, text = "" }: RunFilter): boolean => {
  if (verdict !== undefined && (record?.verdict ?? "none") !== verdict) return false;
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return true;
  const said =
    record === undefined
      ? [entry.name, entry.start]
      : [entry.name, entry.start, record.workload, `seed ${record.seed}`, conclusion(record)].concat(
          record.faults.map(({ id, nodes }) => `${id} ${nodes.join(" ")}`),
        );
  const whole = said.join(" ").toLowerCase();
  return words.every((word) => whole.includes(word));
};

const stateWords: Readonly<Record<RunState, string>> = {
  judged: "unreadable",
  going: "still going",
  "cut-short": "cut short",
};

/** What stands in place of a verdict where there is none. */
export const stateWord = (run: ListedRun): string =>
  run.record === undefined ? stateWords[run.state] : verdictWords[run.record.verdict].word;

/** A line a run: verdict, place, when, how long, requests, faults. Ends with a line feed. */
export const listTable = (runs: readonly ListedRun[]): string => {
  const rows = [
    ["verdict", "run", "started", "took", "requests", "faults"],
    ...runs.map((run) => {
      const { record, entry } = run;
      return [
        stateWord(run).toLowerCase(),
        `${entry.name}/${entry.start}`,
        record === undefined ? "" : instant(record.startedWallMs),
        record === undefined ? "" : duration(record.durationMs),
        record === undefined ? "" : count(record.counts.requestCount),
        record === undefined
          ? ""
          : visibleLine([...new Set(record.faults.map(({ kind }) => kind))].join(" ")),
      ];
    }),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((most, row) => Math.max(most, (row[column] ?? "").length), 0),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
};
