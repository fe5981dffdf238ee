import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withTables } from "./readme-tables.ts";

const emptyTables = `before
<!-- outcomes: made from the code -->
stale
<!-- end of outcomes -->
between
<!-- settings: made from the code -->
<!-- end of settings -->
<!-- mission: made from the code -->
<!-- end of mission -->
<!-- decisions: made from the code -->
<!-- end of decisions -->
<!-- figures: made from the code -->
<!-- end of figures -->
after`;

test("what stands between the marks is replaced, and nothing else", () => {
  const filled = withTables(emptyTables) ?? "";

  expect(filled).toContain("| `quorum-unmet` | 503 | fewer replicas answered than were asked for |");
  expect(filled).toContain("| `buckets.{name}.n` | 3 |");
  expect(filled).toContain("| X4 | §4.2 says “larger than”");
  expect(filled).not.toContain("\nstale\n");
  expect(filled.split("\n").filter((line) => !/^\||^\d+ rows: |^$/.test(line))).toEqual(
    emptyTables.split("\n").filter((line) => line !== "stale"),
  );
  expect(withTables(filled)).toBe(filled);
});

test("a text without one of the marks has no place for the tables", () => {
  expect(withTables("no marks")).toBeUndefined();
  expect(withTables(emptyTables.replace("<!-- end of settings -->", ""))).toBeUndefined();
});

test("the tables in the README are fresh", async () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");

  await expect(withTables(readme)).toMatchFileSnapshot("README.md");
});
