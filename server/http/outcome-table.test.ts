import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { outcomeTable, outcomeTableEnd, outcomeTableStart, withOutcomeTable } from "./outcome-table.ts";

test("the table between the marks is replaced, and nothing else", () => {
  const stale = `before\n${outcomeTableStart}\n\nold rows\n\n${outcomeTableEnd}\nafter`;

  expect(withOutcomeTable(stale)).toBe(
    `before\n${outcomeTableStart}\n\n${outcomeTable()}\n\n${outcomeTableEnd}\nafter`,
  );
});

test("without its marks a text has no place for the table", () => {
  expect(withOutcomeTable("no marks")).toBeUndefined();
  expect(withOutcomeTable(`${outcomeTableEnd} ${outcomeTableStart}`)).toBeUndefined();
});

test("the table in the README is fresh", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

  expect(withOutcomeTable(readme)).toBe(readme);
});
