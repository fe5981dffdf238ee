import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cartCheckers } from "./cart-checkers.ts";
import { withTables } from "./readme-tables.ts";

const goldens = new Map(
  cartCheckers.map(({ name }) => [name, readdirSync(new URL(`golden/${name}/`, import.meta.url)).length]),
);

test("the tables of the README are those that the code makes", () => {
  const readme = readFileSync(new URL("README.md", import.meta.url), "utf8");

  expect(withTables(readme, goldens)).toBe(readme);
});

test("a README without the marks cannot be brought up to date, and says so", () => {
  expect(withTables("# checkers", goldens)).toBeUndefined();
});
