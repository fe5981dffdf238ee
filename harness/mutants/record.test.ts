import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Detection } from "./mutant.ts";
import { type MutantRow, merged, readMutantRecord, rowOf, writeMutantRecord } from "./record.ts";

const caught: Detection = {
  world: "simulated",
  id: "M01",
  name: "counts wrong",
  isCaught: true,
  caughtBy: ["P1"],
  runs: 1,
  seconds: 2.5,
  seed: 7,
  smallest: { requestCount: 12, events: [] },
  said: "3 of 9 writes lost",
};
const row: MutantRow = rowOf(caught, false);

describe("what became of a mutant", () => {
  it("is caught with what the checker said, or missed with the reason", () => {
    const missed = rowOf({ ...caught, isCaught: false, caughtBy: [], said: "Seen: passed." }, false);

    expect(row).toMatchObject({ state: "caught", by: ["P1"], requests: 12, said: "3 of 9 writes lost" });
    expect(missed).toMatchObject({ state: "missed", by: [], reason: "Seen: passed." });
  });

  it("is green or an alarm for a control", () => {
    expect(rowOf({ ...caught, id: "C01", isCaught: false, said: "green" }, true).state).toBe("green");
    expect(rowOf({ ...caught, id: "C01" }, true)).toMatchObject({
      state: "alarmed",
      reason: "3 of 9 writes lost",
    });
  });
});

describe("the record of mutants", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mutants-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("replaces the rows of what was run again, and keeps those of other places", () => {
    const real: MutantRow = { ...row, where: "real" };
    const again: MutantRow = { ...row, runs: 4 };

    const rows = merged([row, real], [again]).filter(({ id }) => id === "M01");

    expect(rows).toEqual([real, again]);
  });

  it("is read as it was written", async () => {
    const file = join(folder, "record.json");
    const record = { schema: 1, seed: 1, date: "2026-11-22", rows: [row, { ...row, id: "M02" }] } as const;
    const written = { ...record, rows: [...record.rows] };

    await writeMutantRecord(file, written);

    expect(await readMutantRecord(file)).toEqual(written);
  });

  it("is undefined where there is none, and refused with a sentence where there is something else", async () => {
    const file = join(folder, "record.json");
    expect(await readMutantRecord(file)).toBeUndefined();

    await writeFile(file, "{}");

    expect(await readMutantRecord(file)).toMatchObject({ type: "refused", exit: "usage" });
  });
});
