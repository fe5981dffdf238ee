/**
 * A night in words: a table for the terminal, Markdown for the summary of a CI job, and annotations that GitHub shows
 * beside the change. What failed comes first, and the four ways to end are counted apart.
 */
import type { VerdictType } from "../../checkers/verdict.ts";
import { verdictWords } from "../conclusion.ts";
import { escapeMarkdown } from "../markdown.ts";
import { counted, duration } from "../units.ts";
import { visibleLine } from "../visible-text.ts";
import {
  type CellResult,
  cellsWith,
  type NightlyRecord,
  nightlyVerdict,
  severity,
} from "./nightly-record.ts";

/** How a cell ended, after "1 cell". */
export const cellWords: Readonly<Record<VerdictType, string>> = {
  violated: "broke a promise",
  breached: "missed a service level",
  inconclusive: "cannot tell",
  passed: "passed",
};

/** "12 cells: 1 broke a promise, 1 missed a service level, 1 cannot tell, 9 passed." */
export const nightlySentence = (record: NightlyRecord): string => {
  const parts = severity.flatMap((verdict) => {
    const { length } = cellsWith(record, verdict);
    return length === 0 ? [] : [`${length} ${cellWords[verdict]}`];
  });
  return `${counted(record.cells.length, "cell")}: ${parts.join(", ") || "nothing was run"}.`;
};

/** The worst first, each kind in the plan's order. */
const sorted = (record: NightlyRecord): readonly CellResult[] =>
  severity.flatMap((verdict) => cellsWith(record, verdict));

/** A line a cell, then the sentence. Ends with a line feed. */
export const nightlyTable = (record: NightlyRecord): string => {
  const width = record.cells.reduce((most, { id }) => Math.max(most, id.length), 0);
  const lines = sorted(record).map(
    ({ verdict, id, seconds, sentence }) =>
      `${verdict.padEnd(12)}  ${visibleLine(id).padEnd(width)}  ${`${Math.round(seconds)} s`.padStart(5)}  ${visibleLine(sentence)}`,
  );
  return `${[...lines, nightlySentence(record)].join("\n")}\n`;
};

/** For `$GITHUB_STEP_SUMMARY`. Ends with a line feed. */
export const nightlyMarkdown = (record: NightlyRecord): string => {
  const { word, mark } = verdictWords[nightlyVerdict(record)];
  const rows = sorted(record).map(({ verdict, id, seconds, sentence, replay }) => [
    `${verdictWords[verdict].mark} ${verdict}`,
    escapeMarkdown(id),
    duration(seconds * 1_000),
    escapeMarkdown(sentence),
    verdict === "passed" ? "" : escapeMarkdown(replay),
  ]);
  const table = [["", "Cell", "Took", "Conclusion", "Again"], ["---", "---", "---", "---", "---"], ...rows];
  const body = table.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `### ${mark} ${word}: ${escapeMarkdown(record.name)}\n\n${nightlySentence(record)}\n\n${body}\n`;
};

/** Commands of GitHub's log, one a line, for what did not pass; empty when all did. */
export const nightlyAnnotations = (record: NightlyRecord): string =>
  sorted(record)
    .filter(({ verdict }) => verdict !== "passed")
    .map(({ verdict, id, sentence, replay }) => {
      const level = verdict === "inconclusive" ? "warning" : "error";
      return `::${level} title=${property(`${verdict}: ${id}`)}::${data(`${sentence} Again: ${replay}`)}\n`;
    })
    .join("");

/** What would end the command or begin another one. */
const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
