import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { aimedRows } from "./aimed-rows.ts";
import { faultTable, faultTableMarks, withFaultTable } from "./fault-table.ts";
import type { Exercise } from "./fault-ways.ts";
import { withMomentTable } from "./moment-table.ts";
import { faultKinds } from "./nemesis.ts";

const harness = resolve(import.meta.dirname, "..");
const exercises: readonly Exercise[] = Object.values({ ...faultTable, ...aimedRows }).flatMap(({ ways }) =>
  ways.map(({ exercise }) => exercise),
);

describe("the table of faults", () => {
  it("has a row for every kind, and a way for every row", () => {
    const kinds = new Set(Object.keys(faultTable).map((name) => name.split(":")[0]));

    expect(kinds).toEqual(new Set(faultKinds));
    expect(Object.entries(faultTable).filter(([, { ways }]) => ways.length === 0)).toEqual([]);
  });

  it("names tests that exist", () => {
    const gone = exercises.flatMap((exercise) =>
      "missing" in exercise || readFileSync(join(harness, exercise.file), "utf8").includes(exercise.title)
        ? []
        : [`${exercise.file}: ${exercise.title}`],
    );

    expect(gone).toEqual([]);
  });

  it("stands in the README as it is now; run with -u to renew it", async () => {
    const readme = readFileSync(join(harness, "README.md"), "utf8");

    expect(readme).toContain(faultTableMarks.start);
    await expect(withFaultTable(readme)).toMatchFileSnapshot("../README.md");
  });

  it("is followed by the moments there are; run with -u to renew them", async () => {
    const readme = readFileSync(join(harness, "README.md"), "utf8");

    expect(withMomentTable("no marks")).toBeUndefined();
    await expect(withMomentTable(readme)).toMatchFileSnapshot("../README.md");
  });

  it("has no place in a text without its marks", () => {
    expect(withFaultTable("no marks")).toBeUndefined();
  });
});
