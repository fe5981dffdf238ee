import { expect, it } from "vitest";
import { endOfRow } from "./file-limit.ts";

it("the files of a process that were opened one after another end where the first large gap begins", () => {
  expect(endOfRow([])).toBe(0);
  expect(endOfRow([0, 1, 2, 3])).toBe(4);
  expect(endOfRow([19, 0, 1, 2, 5, 251])).toBe(20);
  expect(endOfRow([0, 1, 2, 18])).toBe(19);
  expect(endOfRow([0, 1, 2, 19])).toBe(3);
});
