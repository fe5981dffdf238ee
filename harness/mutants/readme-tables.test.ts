import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkerNotes } from "../../checkers/checker-notes.ts";
import { foreignNotes } from "../../checkers/foreign-notes.ts";
import { withTables } from "../../checkers/readme-tables.ts";
import { projectRoot } from "../bundle/project-root.ts";
import { checkerMutants, evidenceIn, withCheckerMutants, withMutantTables } from "./readme-tables.ts";
import { type MutantRecord, type MutantRow, readMutantRecord } from "./record.ts";
import { summaryOf } from "./record-summary.ts";

const path = (name: string): string => join(projectRoot(), name);
const read = (name: string): string => readFileSync(path(name), "utf8");

const record = await readMutantRecord(path("harness/mutants/record.json"));

/** Histories whose verdict is known, by checker: files of its folder, lines of what others published. */
function goldens(): ReadonlyMap<string, number> {
  const folder = path("checkers/golden");
  const own = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(
      ({ name }) =>
        [
          name,
          readdirSync(join(folder, name)).filter((file) => /\.(history|jsonl)$/.test(file)).length,
        ] as const,
    );
  const cases = read("checkers/golden/elle-cases/cases.jsonl").trim().split("\n");
  const ofWorkload = (workload: string): number =>
    cases.filter((line) => line.includes(`"checker":"${workload}"`)).length;
  const etcd = read("checkers/golden/etcd-registers/expected.tsv").trim().split("\n").length - 1;
  return new Map<string, number>([
    ...own,
    ["list-append", ofWorkload("list-append")],
    ["rw-register", ofWorkload("rw-register")],
    ["register-search", etcd],
    ["models", cases.length],
  ]);
}

const row = (part: Partial<MutantRow>): MutantRow => ({
  id: "M01",
  where: "simulated",
  state: "caught",
  name: "counts wrong",
  by: ["P1", "P2"],
  runs: 1,
  seconds: 2,
  ...part,
});
const recordOf = (rows: MutantRow[]): MutantRecord => ({ schema: 1, seed: 1, date: "2026-11-22", rows });

describe("the record", () => {
  it("is there, and its tables in both READMEs are fresh", async () => {
    if (record === undefined || "type" in record) throw new Error("The record cannot be read.");
    const evidence = evidenceIn(record, goldens());

    await expect(withMutantTables(read("harness/README.md"), record)).toMatchFileSnapshot(
      path("harness/README.md"),
    );
    const checkers = withTables(read("checkers/README.md"), evidence);
    await expect(
      checkers === undefined ? undefined : withCheckerMutants(checkers, record),
    ).toMatchFileSnapshot(path("checkers/README.md"));
  });
});

describe("the evidence of a checker", () => {
  it("is the mutants that broke a property it judges, each once", () => {
    const rows = [
      row({}),
      row({ where: "real", by: ["P1"] }),
      row({ id: "M02", by: ["P14"] }),
      row({ id: "M03", state: "missed", by: [] }),
      row({ id: "C01", state: "alarmed", by: ["P3"] }),
    ];

    const { caught } = evidenceIn(recordOf(rows), new Map());

    expect([...caught]).toEqual([
      ["acked-writes", ["M01"]],
      ["acked-adds", ["M01"]],
      ["convergence", ["M02"]],
    ]);
  });

  it("is the wrong lines of its own files that a test noticed", () => {
    const rows = [
      row({ id: "K01", where: "tests", by: ["a golden"] }),
      row({ id: "K02", where: "tests", state: "missed", by: [] }),
    ];

    const { noticed } = evidenceIn(recordOf(rows), new Map());

    expect([...noticed]).toEqual([["acked-writes", ["K01"]]]);
  });

  it("leaves out no wrong line that there is", () => {
    const files = [...checkerNotes, ...foreignNotes].flatMap((note) => note.files);
    const homeless = checkerMutants.filter(
      ({ change }) => !files.includes(change.file.replace("checkers/", "")),
    );

    expect(homeless).toEqual([]);
  });
});

describe("a summary", () => {
  it("counts a mutant once, and tells which ones only the nodes' own words show", () => {
    const summary = summaryOf([
      row({}),
      row({ where: "real", state: "missed", by: [] }),
      row({ id: "M02", by: ["P14"], seconds: 4 }),
      row({ id: "M03", state: "missed", by: [] }),
      row({ id: "M04", state: "not-applicable", by: [] }),
      row({ id: "C01", state: "green", by: [] }),
      row({ id: "K01", where: "tests" }),
    ]);

    expect(summary).toContain(
      "2 of 3 mutants of the server caught (67 %): 2 in the simulated world, 0 as real",
    );
    expect(summary).toContain("Half of the catches took 2 s or less.");
    expect(summary).toContain("not by what clients saw: M02.");
    expect(summary).toContain("1 of 1 stayed green.");
    expect(summary).toContain("1 of 1 mutants of the checkers and 0 of 0 mutants of the harness");
  });
});
