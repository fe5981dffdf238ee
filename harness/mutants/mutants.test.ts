import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../bundle/project-root.ts";
import { replaceOnce } from "../bundle/replacement.ts";
import { mutants } from "./catalog.ts";
import { mutantPlan } from "./detection.ts";

describe("the mutants", () => {
  it("have names of their own, in order", () => {
    const ids = mutants.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
  });

  it.each(mutants)("$id changes a text that stands exactly once", ({ change }) => {
    const source = readFileSync(join(projectRoot(), change.file), "utf8");

    expect(replaceOnce(source, change)).toMatchObject({ type: "replaced" });
  });

  it.each(mutants)(
    "$id has a plan that can be carried out, of 20 seconds, and a checker that claims it",
    (mutant) => {
      const plan = mutantPlan(mutant, 1);

      expect(plan).toMatchObject({ schema: 1, durationUs: 20_000_000 });
      expect(mutant.caughtBy.length).toBeGreaterThan(0);
    },
  );
});
