import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exitCodeOf, exitCodes, exitCodeTable } from "./outcome.ts";

describe("exit codes", () => {
  it("tell the four verdicts apart", () => {
    const codes = (["passed", "violated", "inconclusive", "breached"] as const).map(exitCodeOf);

    expect(codes).toEqual([0, 1, 2, 3]);
  });

  it("are each used for one ending", () => {
    const codes = Object.values(exitCodes).map(({ code }) => code);

    expect(new Set(codes).size).toBe(codes.length);
  });

  it("stand in the README as they are", () => {
    const readme = readFileSync(join(import.meta.dirname, "README.md"), "utf8");

    expect(readme).toContain(exitCodeTable());
  });
});
