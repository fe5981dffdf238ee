/**
 * The same verdict as Markdown, for a comment or a job summary in CI.
 *
 * Text from the run is escaped, so that a key can neither draw a table of its own nor mention a person.
 */

import type { ServiceRow } from "../checkers/service-level.ts";
import type { Verdict } from "../checkers/verdict.ts";
import { conclusion, verdictWords } from "./conclusion.ts";
import type { FaultRecord, RunRecord } from "./run-record.ts";
import { count, duration, instant, milliseconds, percent, times } from "./units.ts";
import { visibleLine } from "./visible-text.ts";

/** Anomalies of a check that are told. */
const toldAnomalies = 3;

/** Ends with a line feed. */
export const markdownSummary = (record: RunRecord): string => {
  const { word, mark } = verdictWords[record.verdict];
  const promises = record.promises;
  const blocks = [
    `### ${mark} ${word}: ${escapeMarkdown(record.name)}`,
    escapeMarkdown(sentence(conclusion(record))),
    `${instant(record.startedWallMs)} · ${duration(record.durationMs)} · ${record.nodes.length} nodes · N=${promises.n} R=${promises.r} W=${promises.w} · versions ${escapeMarkdown(promises.versions)} · seed ${record.seed}`,
    table(["", "Check", "Finding"], record.verdicts.map(checkCells)),
    ...record.verdicts.flatMap(anomalyLines),
    ...(record.service.length === 0
      ? []
      : [serviceTable(record.service.filter((row) => row.hard || row.operation === "any"))]),
    ...(record.faults.length === 0
      ? []
      : [table(["Fault", "Nodes", "Seen to hold", "Evidence"], record.faults.map(faultCells))]),
    `Again: ${codeSpan(record.environment.replay)}`,
  ];
  return `${blocks.join("\n\n")}\n`;
};

/** Letters, digits, spaces and what is harmless stay; all else that Markdown might read is escaped. */
export const escapeMarkdown = (text: string): string =>
  visibleLine(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/[\\`*_{}[\]#|~$!]/g, (mark) => `\\${mark}`)
    .replace(/@(?=\w)/g, "@\u2060")
    .replace(/:\/\//g, ":\u2060//");

/** A code span whose fence is longer than any run of backticks inside. */
const codeSpan = (text: string): string => {
  const plain = visibleLine(text).replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`;
};

const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  [headings, headings.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const checkCells = (verdict: Verdict): readonly string[] => [
  `${verdictWords[verdict.type].mark} ${verdict.type}`,
  `${escapeMarkdown(verdict.properties.join(" "))} ${escapeMarkdown(verdict.checker)}`,
  escapeMarkdown(verdict.summary),
];

const anomalyLines = (verdict: Verdict): readonly string[] => {
  if (verdict.type === "passed" || verdict.anomalies.length === 0) return [];
  const told = verdict.anomalies
    .slice(0, toldAnomalies)
    .map((anomaly) => `- ${escapeMarkdown(anomaly.sentence)}`);
  const rest = verdict.anomalyCount - told.length;
  return [[...told, ...(rest > 0 ? [`- and ${count(rest)} more`] : [])].join("\n")];
};

const serviceTable = (rows: readonly ServiceRow[]): string =>
  `<details><summary>Service level</summary>\n\n${table(
    ["Operation, phase", "Requests", "Bad", "p50 ms", "p99 ms", "p99.9 ms", "Budget", "Verdict"],
    rows.map((row) => [
      `${row.operation}, ${escapeMarkdown(row.phase ?? row.kind)}`,
      count(row.requestCount),
      percent(row.badRatio),
      milliseconds(row.latencyMs.p50),
      milliseconds(row.latencyMs.p99),
      milliseconds(row.latencyMs.p999),
      times(row.budgetSpent),
      row.hard ? `**${row.verdict}**` : row.verdict,
    ]),
  )}\n\n</details>`;

const faultCells = (fault: FaultRecord): readonly string[] => [
  escapeMarkdown(fault.id),
  escapeMarkdown(fault.nodes.join(", ")),
  fault.activeAt !== null && fault.healedAt !== null
    ? duration((fault.healedAt - fault.activeAt) / 1_000)
    : fault.state,
  escapeMarkdown(fault.evidence),
];

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
