/**
 * The tables of checkers/README.md that are made from the code: the checkers, the properties and what each kind of
 * configuration promises, and the anomalies. Each stands between two marks and is typed nowhere else. Which mutants a
 * checker catches is not known in this room: whoever runs them hands it in, and tests that the README is fresh.
 */
import { catalog, type Property, properties } from "./anomalies/catalog.ts";
import { cartCheckers } from "./cart-checkers.ts";
import { type CheckerNote, checkerNotes } from "./checker-notes.ts";
import { foreignNotes } from "./foreign-notes.ts";
import { configurationClasses, derived, dotted } from "./promises.ts";
import { runCheckers } from "./record-checkers.ts";

/** What only a reader of the repository knows of a checker, by its name. */
export type Evidence = {
  /** Histories whose verdict by this checker is known and tested. */
  readonly goldens: ReadonlyMap<string, number>;
  /** Bugs of the server that this checker was seen to catch. */
  readonly caught: ReadonlyMap<string, readonly string[]>;
  /** Wrong lines of the checker's own files that its tests were seen to notice. */
  readonly noticed: ReadonlyMap<string, readonly string[]>;
};

const tables: ReadonlyMap<string, (evidence: Evidence) => string> = new Map([
  ["checkers", (evidence: Evidence) => checkerTable(checkerNotes, evidence)],
  ["foreign checkers", (evidence: Evidence) => checkerTable(foreignNotes, evidence)],
  ["properties", propertyTable],
  ["anomalies", anomalyTable],
]);

/** `readme` with each table between its marks brought up to date; undefined when a mark is missing. */
export function withTables(readme: string, evidence: Evidence): string | undefined {
  let fresh: string | undefined = readme;
  for (const [name, table] of tables) {
    fresh = fresh === undefined ? undefined : withTable(fresh, name, table(evidence));
  }
  return fresh;
}

/** `readme` with `table` between the marks of that name; undefined when one is missing. */
export function withTable(readme: string, name: string, table: string): string | undefined {
  const startMark = `<!-- ${name}: made from the code -->`;
  const endMark = `<!-- end of ${name} -->`;
  const start = readme.indexOf(startMark);
  const end = readme.indexOf(endMark);
  if (start < 0 || end < start) return undefined;
  return `${readme.slice(0, start + startMark.length)}\n\n${table}\n\n${readme.slice(end)}`;
}

const lineOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

/** A table of Markdown. No cell may hold a bar or a line break. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [lineOf(head), `|${"---|".repeat(head.length)}`, ...rows.map(lineOf)].join("\n");
}

function checkerTable(notes: readonly CheckerNote[], { goldens, caught, noticed }: Evidence): string {
  const rows = notes.map(({ name, files, proves, cannot, holds, source, cost }) => [
    `\`${files[0]}\``,
    subjectOf(name),
    proves,
    cannot,
    holds,
    source,
    cost,
    String(goldens.get(name) ?? "–"),
    (caught.get(name) ?? ["–"]).join(" "),
    (noticed.get(name) ?? ["–"]).join(" "),
  ]);
  const head = ["checker", "judges", "finds", "cannot", "sound, complete", "source", "cost grows with"];
  return tableOf(
    [...head, "goldens", "mutants of the server it catches", "wrong lines of its own noticed"],
    rows,
  );
}

/** The properties of a checker of runs; of a history of any store its workload. */
function subjectOf(name: string): string {
  const checker = runCheckers.find((one) => one.name === name);
  return checker?.properties.join(", ") ?? name;
}

/** Columns: the classes, the last of which is the default; an empty cell says the same as the default. */
function propertyTable(): string {
  const special = configurationClasses.slice(0, -1);
  const rows = Object.entries(properties).map(([name, promise]) => {
    const property = name as Property;
    const judge = cartCheckers.find((checker) => checker.properties.includes(property))?.name;
    const judgedBy = judge === undefined ? (derived[property] ?? "") : `\`${judge}\``;
    return [
      name,
      promise,
      judgedBy,
      dotted[property],
      ...special.map(({ grades }) => grades[property] ?? ""),
    ];
  });
  return tableOf(["", "property", "judged by", "sloppy quorum", ...special.map(({ name }) => name)], rows);
}

function anomalyTable(): string {
  const rows = Object.entries(catalog).map(([name, { property, definition, source }]) => [
    `\`${name}\``,
    property,
    definition,
    source,
  ]);
  return tableOf(["anomaly", "breaks", "what it is", "source"], rows);
}
