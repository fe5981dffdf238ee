import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mission, missionTable } from "./mission.ts";
import type { MissionRow, Proof } from "./mission-row.ts";

const root = new URL("../../", import.meta.url);
const isThere = (file: string): boolean => existsSync(new URL(file, root));

/** Whether the title stands in the file's source as a text of its own, or as the part of a template. */
const standsIn = ([file, title]: Proof): boolean => {
  if (!isThere(file)) return false;
  const source = readFileSync(new URL(file, root), "utf8");
  return [`"${title}"`, `\`${title}\``, JSON.stringify(title)].some((text) => source.includes(text));
};

const range = (part: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${part}${index + 1}`);

describe("the mission table", () => {
  it("has every row once, in order", () => {
    const ids = mission.map(({ id }) => id);

    expect(ids).toEqual([
      ...range("A", 16),
      ...range("B", 13),
      ...range("C", 13),
      ...range("D", 17),
      ...range("E-", 7),
      ...range("F", 11),
    ]);
  });

  it("names only files that are there", () => {
    const files = mission.flatMap((row) => [...row.files, ...row.proofs.map(([file]) => file)]);

    expect(files.filter((file) => !isThere(file))).toEqual([]);
  });

  it("names only tests that are written in the file named", () => {
    const missing = mission.flatMap(({ id, proofs }) =>
      proofs.filter((proof) => !standsIn(proof)).map(([file, title]) => `${id}: no "${title}" in ${file}`),
    );

    expect(missing).toEqual([]);
  });

  it("would notice a test that was renamed or is nowhere", () => {
    expect(standsIn(["server/core/hash.test.ts", "keeps bucket and key apart"])).toBe(true);
    expect(standsIn(["server/core/hash.test.ts", "keeps bucket"])).toBe(false);
    expect(standsIn(["server/core/no-such.test.ts", "keeps bucket and key apart"])).toBe(false);
  });

  it("calls no row proved without a file that does it and a test that shows it", () => {
    const bare = mission.filter(
      ({ standing, files, proofs }) => standing === "proved" && (files.length === 0 || proofs.length === 0),
    );

    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it("says of every row what was seen or what is missing", () => {
    expect(mission.filter(({ result }) => result === "").map(({ id }) => id)).toEqual([]);
  });
});

describe("missionTable", () => {
  it("counts the rows and marks those that are not proved", () => {
    const row: MissionRow = {
      id: "Z1",
      claim: "a claim (§1)",
      standing: "open",
      files: ["server/core/hash.ts", "checkers/sla.ts"],
      proofs: [["server/core/hash.test.ts", "a | b"]],
      result: "the rest",
    };

    const table = missionTable([row]);

    expect(table).toContain("1 rows: 0 proved, 0 measured by the harness, 1 open.");
    expect(table).toContain(
      "| Z1 | a claim (§1) | `core/hash.ts`, `checkers/sla.ts` | `core/hash.test.ts` “a \\| b” | **open**: the rest |",
    );
  });
});
