/**
 * The tables of both READMEs that speak of mutants, made from the record and the catalogues: in harness/README.md what
 * became of each bug of the server and of the harness, in checkers/README.md which of them each checker catches. The
 * judge's room does not know of mutants, so that its table is completed from here.
 */
import { cartCheckers } from "../../checkers/cart-checkers.ts";
import { checkerNotes } from "../../checkers/checker-notes.ts";
import { foreignNotes } from "../../checkers/foreign-notes.ts";
import { type Evidence, tableOf, withTable } from "../../checkers/readme-tables.ts";
import type { Replacement } from "../bundle/replacement.ts";
import { controls, mutants } from "./catalog.ts";
import { evidenceMutants } from "./checker-mutants-evidence.ts";
import { judgementMutants } from "./checker-mutants-judgement.ts";
import { harnessMutants } from "./harness-mutants.ts";
import type { MutantRecord, MutantRow } from "./record.ts";
import { summaryOf } from "./record-summary.ts";

type Rows = readonly MutantRow[];

/** What was said of a catch is told up to here. */
const saidLengthMax = 140;

/** `readme` of this room with its tables brought up to date; undefined when a mark is missing. */
export function withMutantTables(readme: string, { rows }: MutantRecord): string | undefined {
  return inserted(readme, [
    ["mutants in short", `${summaryOf(rows)}${notRunSentence(rows)}`],
    ["mutants caught", caughtTable(rows)],
    ["mutants missed", reasonTable(missedIn(rows))],
    ["mutants without a place", reasonTable(rows.filter(({ state }) => state === "not-applicable"))],
    ["controls", controlTable(rows)],
    ["mutants of the harness", testedTable(harnessMutants, rows)],
  ]);
}

/** The README of the checkers with the table of its own mutants brought up to date; undefined without its marks. */
export function withCheckerMutants(readme: string, { rows }: MutantRecord): string | undefined {
  return inserted(readme, [["mutants of the checkers", testedTable(checkerMutants, rows)]]);
}

/** What the record knows of each checker. Golden histories lie in folders, which the caller reads. */
export function evidenceIn({ rows }: MutantRecord, goldens: ReadonlyMap<string, number>): Evidence {
  const caught = new Map<string, string[]>();
  for (const row of rows.filter(({ id, state }) => id.startsWith("M") && state === "caught")) {
    for (const judge of new Set(row.by.map(judgeOf))) add(caught, judge, row.id);
  }
  const noticed = new Map<string, string[]>();
  const tested = [...checkerMutants, ...harnessMutants];
  for (const { name, files } of [...checkerNotes, ...foreignNotes]) {
    const own = tested.filter(({ change }) => files.some((file) => change.file === `checkers/${file}`));
    for (const { id } of own) if (isNoticed(rows, id)) add(noticed, name, id);
  }
  return { goldens, caught, noticed };
}

export const checkerMutants: readonly Tested[] = [...evidenceMutants, ...judgementMutants];

type Tested = { readonly id: string; readonly name: string; readonly change: Replacement };

function inserted(readme: string, tables: readonly (readonly [string, string])[]): string | undefined {
  let fresh: string | undefined = readme;
  for (const [name, table] of tables) {
    fresh = fresh === undefined ? undefined : withTable(fresh, name, table);
  }
  return fresh;
}

/** The checker that a property is judged by; of several the first, as in the table of properties. */
const judgeOf = (property: string): string =>
  cartCheckers.find(({ properties }) => properties.includes(property))?.name ?? property;

function add(lists: Map<string, string[]>, name: string, id: string): void {
  const list = lists.get(name) ?? [];
  if (!list.includes(id)) lists.set(name, [...list, id]);
}

const isNoticed = (rows: Rows, id: string): boolean =>
  rows.some((row) => row.id === id && row.where === "tests" && row.state === "caught");

function caughtTable(rows: Rows): string {
  const caught = rows.filter(({ where, state }) => where !== "tests" && state === "caught");
  return tableOf(
    ["mutant", "where", "caught by", "runs", "seconds", "requests", "what the checker said"],
    caught.map(({ id, name, where, by, runs, seconds, requests, said = "" }) => [
      `${id} ${cell(name)}`,
      where,
      by.join(", "),
      String(runs),
      String(seconds),
      requests === undefined ? "–" : requests.toLocaleString("en"),
      shortened(cell(said)),
    ]),
  );
}

/** What the catalogue has and the record does not; empty when there is nothing. */
function notRunSentence(rows: Rows): string {
  const known = new Set(rows.map(({ id }) => id));
  const missing = [...mutants, ...controls].map(({ id }) => id).filter((id) => !known.has(id));
  return missing.length === 0 ? "" : ` Not run yet: ${missing.join(", ")}.`;
}

/** In no world caught. */
const missedIn = (rows: Rows): Rows =>
  rows.filter(
    ({ id, state }) =>
      state === "missed" && !rows.some((other) => other.id === id && other.state === "caught"),
  );

function reasonTable(rows: Rows): string {
  if (rows.length === 0) return "None.";
  return tableOf(
    ["mutant", "where", "runs", "reason"],
    rows.map(({ id, name, where, runs, reason = "" }) => [
      `${id} ${cell(name)}`,
      runs === 0 ? "–" : where,
      String(runs),
      cell(reason),
    ]),
  );
}

function controlTable(rows: Rows): string {
  const shown = rows.filter(({ id }) => id.startsWith("C"));
  return tableOf(
    ["control", "where", "runs", "seconds", "stayed green"],
    shown.map(({ id, name, where, runs, seconds, state, reason = "" }) => [
      `${id} ${cell(name)}`,
      where,
      String(runs),
      String(seconds),
      state === "green" ? "yes" : `no: ${cell(reason)}`,
    ]),
  );
}

function testedTable(all: readonly Tested[], rows: Rows): string {
  return tableOf(
    ["mutant", "file", "what is wrong then", "first noticed by"],
    all.map(({ id, name, change }) => {
      const row = rows.find((one) => one.id === id && one.where === "tests");
      const noticed = row === undefined ? "not run" : (row.by[0] ?? `nobody: ${row.reason ?? ""}`);
      return [id, `\`${change.file.replace("checkers/", "")}\``, cell(name), shortened(cell(noticed))];
    }),
  );
}

const cell = (text: string): string => text.replaceAll("|", "/").replace(/\s+/g, " ").trim();

function shortened(text: string): string {
  if (text.length <= saidLengthMax) return text;
  return `${text.slice(0, text.lastIndexOf(" ", saidLengthMax))} …`;
}
