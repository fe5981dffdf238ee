import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkerNotes } from "./checker-notes.ts";
import { foreignWorkloads } from "./foreign-history.ts";
import { foreignNotes } from "./foreign-notes.ts";
import { type Evidence, withTables } from "./readme-tables.ts";
import { runCheckers } from "./record-checkers.ts";

const nothing: Evidence = { goldens: new Map(), caught: new Map(), noticed: new Map() };
const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");
const tableIn = (text: string, name: string): string =>
  text.slice(text.indexOf(`<!-- ${name}: made`), text.indexOf(`<!-- end of ${name} -->`));

test("the tables of properties and anomalies in the README are those that the code makes", () => {
  const fresh = withTables(readme, nothing) ?? "";

  for (const name of ["properties", "anomalies"]) {
    expect(tableIn(readme, name)).not.toBe("");
    expect(tableIn(fresh, name)).toBe(tableIn(readme, name));
  }
});

test("every checker of runs and every workload of other stores has its note", () => {
  const noted = checkerNotes.map(({ name }) => name);
  const notedForeign = foreignNotes.map(({ name }) => name);

  expect(noted).toEqual(expect.arrayContaining(runCheckers.map(({ name }) => name)));
  expect(notedForeign).toEqual(expect.arrayContaining([...foreignWorkloads]));
});

test("every file in this folder that makes a checker begins a note, and no note names a file that is not there", () => {
  const makers = readdirSync(new URL(".", import.meta.url))
    .filter((file) => /(?<!test|fixture)\.ts$/.test(file) && file !== "checker.ts")
    .filter((file) => /= checkerOf\(/.test(readFileSync(new URL(file, import.meta.url), "utf8")));
  const named = [...checkerNotes, ...foreignNotes].flatMap(({ files }) => files);

  expect(makers.length).toBeGreaterThanOrEqual(runCheckers.length);
  expect(checkerNotes.map(({ files }) => files[0])).toEqual(expect.arrayContaining(makers));
  expect(named.filter((file) => !existsSync(new URL(file, import.meta.url)))).toEqual([]);
});

test("a README without the marks cannot be brought up to date, and says so", () => {
  expect(withTables("# checkers", nothing)).toBeUndefined();
});
