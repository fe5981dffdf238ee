import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../bundle/project-root.ts";
import { replaceOnce } from "../bundle/replacement.ts";
import { controls, mutants } from "./catalog.ts";
import { mutantPlan } from "./detection.ts";
import { harnessMutants } from "./harness-mutants.ts";
import { changeIn } from "./mutant.ts";

describe("the mutants", () => {
  it("have names of their own, in order", () => {
    const ids = mutants.map(({ id }) => id);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(ids.toSorted());
  });

  it.each([...controls, ...mutants, ...harnessMutants])(
    "$id changes a text that stands exactly once",
    ({ change }) => {
      const source = readFileSync(join(projectRoot(), change.file), "utf8");

      expect(replaceOnce(source, change)).toMatchObject({ type: "replaced" });
    },
  );

  it.each(mutants.filter(({ realChange }) => realChange !== undefined))(
    "$id changes a text that stands exactly once where real nodes run, too",
    (mutant) => {
      const change = changeIn(mutant, "real");
      const source = readFileSync(join(projectRoot(), change.file), "utf8");

      expect(replaceOnce(source, change)).toMatchObject({ type: "replaced" });
    },
  );

  it.each([...controls, ...mutants].filter(({ flags }) => flags !== undefined))(
    "$id has a plan for real nodes that can be carried out, of 20 seconds",
    (mutant) => {
      const plan = mutantPlan(mutant, 1);

      expect(plan).toMatchObject({ schema: 1, durationUs: 20_000_000 });
    },
  );

  it.each(mutants)("$id has a run that exposes it and a checker that claims it", (mutant) => {
    expect(mutant.plan ?? mutant.flags).toBeDefined();
    expect(mutant.caughtBy.length).toBeGreaterThan(0);
  });

  it.each(controls)("$id is claimed by nobody and has a simulated run", (control) => {
    expect(control.plan).toBeDefined();
    expect(control.caughtBy).toEqual([]);
  });
});

describe("the mutants of the harness", () => {
  it("are twelve", () => {
    expect(harnessMutants).toHaveLength(12);
  });
});
