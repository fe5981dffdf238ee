import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withTables } from "./readme-tables.ts";

test("the tables of the README are those that the code makes", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");

  expect(withTables(readme)).toBe(readme);
});

test("a README without the marks cannot be brought up to date, and says so", () => {
  expect(withTables("# checkers")).toBeUndefined();
});
