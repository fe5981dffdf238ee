import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../bundle/project-root.ts";
import { replaceOnce } from "../bundle/replacement.ts";
import { evidenceMutants } from "./checker-mutants-evidence.ts";
import { judgementMutants } from "./checker-mutants-judgement.ts";

const mutants = [...evidenceMutants, ...judgementMutants];

describe("the mutants of the checkers", () => {
  it("are forty at least, each with a name of its own, in order", () => {
    const ids = mutants.map(({ id }) => id);

    expect(ids.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
  });

  it.each(mutants)("$id changes a text that stands exactly once", ({ change }) => {
    const source = readFileSync(join(projectRoot(), change.file), "utf8");

    expect(replaceOnce(source, change)).toMatchObject({ type: "replaced" });
  });
});
