/**
 * The verdict table as plain text, for the end of a command: each check on a line of its own, the service level by
 * phase, the faults that were proved, and last the sentence that matters and where the report lies.
 *
 * Marks carry the meaning and colour only repeats it. Lines are folded at the terminal's width, never cut.
 */
import { createColors } from "picocolors";
import type { ServiceRow } from "../checkers/service-level.ts";
import type { Verdict, VerdictType } from "../checkers/verdict.ts";
import { conclusion, verdictWords } from "./conclusion.ts";
import type { FaultRecord, RunRecord } from "./run-record.ts";
import { count, counted, duration, milliseconds, percent, times } from "./units.ts";
import { visibleLine } from "./visible-text.ts";

export type TerminalOptions = {
  readonly color: boolean;
  /** Columns; at least `narrowest` are used. */
  readonly width: number;
  readonly reportPath?: string;
};

const narrowest = 60;
const widest = 120;

/** Defects of the history that are told. */
const toldDefects = 3;

type Paint = (text: string) => string;

/** Ends with a line feed. */
export const terminalTable = (record: RunRecord, options: TerminalOptions): string => {
  const colors = createColors(options.color);
  const width = Math.min(widest, Math.max(narrowest, options.width));
  const paints: Readonly<Record<VerdictType, Paint>> = {
    passed: colors.green,
    inconclusive: colors.magenta,
    breached: colors.yellow,
    violated: colors.red,
  };
  const mark = (type: VerdictType): string => paints[type](verdictWords[type].mark);
  const word = verdictWords[record.verdict].word;
  const promises = record.promises;

  const lines = [
    "",
    ...folded(
      `${record.name} · ${counted(record.nodes.length, "node")} · N=${promises.n} R=${promises.r} W=${promises.w} ${promises.sloppy ? "sloppy" : "strict"} · ${promises.versions} · ${promises.codec} carts · seed ${record.seed} · ${duration(record.durationMs)}`,
      { width, indent: 0 },
    ).map(colors.dim),
    "",
    ...record.defects.slice(0, toldDefects).flatMap((defect) => folded(`! ${defect}`, { width, indent: 2 })),
    ...record.verdicts.flatMap((verdict) => checkLines(verdict, width, mark(verdict.type))),
    ...section(`Service level\n${serviceHeading}`, shownRows(record.service), (row) =>
      serviceLine(row, mark),
    ),
    ...section("Faults", record.faults, (fault) => faultLine(fault, mark)),
    "",
    ...folded(`${word}: ${conclusion(record)}`, { width, indent: 0 }).map((line) =>
      paints[record.verdict](colors.bold(line)),
    ),
    ...(options.reportPath === undefined ? [] : [`Report: ${visibleLine(options.reportPath)}`]),
  ];
  return `${lines.join("\n")}\n`;
};

/** What decides, then each fault and what followed, all operations together. */
const shownRows = (rows: readonly ServiceRow[]): readonly ServiceRow[] =>
  rows.filter(
    (row) =>
      row.hard ||
      (row.operation === "any" &&
        (row.kind === "fault" ? row.phase !== null : row.kind === "recovery" && row.phase === null)),
  );

const section = <T>(title: string, items: readonly T[], line: (item: T) => string): readonly string[] =>
  items.length === 0 ? [] : ["", title, ...items.map(line)];

const checkLines = (verdict: Verdict, width: number, mark: string): readonly string[] => {
  const label = `${visibleLine(verdict.properties.join(" ")).padEnd(7)} ${visibleLine(verdict.checker).padEnd(14)} `;
  const [first = "", ...rest] = folded(verdict.summary, { width: width - 4, indent: label.length });
  return [`  ${mark} ${label}${first.trimStart()}`, ...rest.map((line) => `    ${line}`)];
};

const serviceVerdicts: Readonly<Record<ServiceRow["verdict"], VerdictType>> = {
  proved: "passed",
  met: "passed",
  inconclusive: "inconclusive",
  breached: "breached",
};

const serviceHeading = `    ${"".padEnd(18)}${["requests", "bad", "p50 ms", "p99 ms", "p99.9 ms", "budget"].map((name) => name.padStart(10)).join("")}`;

/** Rows that cannot end the run have no verdict here: their budget says enough. */
const serviceLine = (row: ServiceRow, mark: (type: VerdictType) => string): string => {
  const name = `${row.operation} ${visibleLine(row.phase ?? row.kind)}`;
  const { p50, p99, p999 } = row.latencyMs;
  const cells = [
    count(row.requestCount),
    percent(row.badRatio),
    ...[p50, p99, p999].map(milliseconds),
    times(row.budgetSpent),
  ];
  const columns = cells.map((cell) => cell.padStart(10)).join("");
  return `  ${row.hard ? mark(serviceVerdicts[row.verdict]) : "·"} ${name.padEnd(18)}${columns}${row.hard ? `  ${row.verdict}` : ""}`;
};

const faultLine = (fault: FaultRecord, mark: (type: VerdictType) => string): string => {
  const name = visibleLine(`${fault.id} of ${fault.nodes.join(", ")}`);
  const held =
    fault.activeAt !== null && fault.healedAt !== null
      ? `proved for ${duration((fault.healedAt - fault.activeAt) / 1_000)}`
      : fault.state;
  return `  ${mark(fault.state === "proved" ? "passed" : "inconclusive")} ${name.padEnd(22)} ${held} by ${visibleLine(fault.backend)}`;
};

/** Words of `text` in lines of at most `width` characters; lines after the first begin with `indent` spaces. */
const folded = (
  text: string,
  { width, indent }: { readonly width: number; readonly indent: number },
): readonly string[] => {
  const lines: string[] = [];
  let line = " ".repeat(indent);
  for (const word of visibleLine(text).split(" ")) {
    const isEmpty = line.trim() === "";
    if (!isEmpty && [...line].length + 1 + [...word].length > width) {
      lines.push(line);
      line = `${" ".repeat(indent)}${word}`;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line];
};
