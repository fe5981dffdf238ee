import { describe, expect, it } from "vitest";
import type { VerdictType } from "../../checkers/verdict.ts";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { junitFaults, readXml } from "../fixture/junit-shape.ts";
import { mergeShards } from "./merge.ts";
import { nightlyJunit } from "./nightly-junit.ts";
import { type CellResult, type NightlyRecord, nightlyVerdict, parseNightlyRecord } from "./nightly-record.ts";
import { nightlyAnnotations, nightlyMarkdown, nightlySentence, nightlyTable } from "./nightly-text.ts";

const cell = (id: string, verdict: VerdictType, sentence = `it ${verdict}`): CellResult => ({
  id,
  workload: "shopping-cart",
  seed: 1,
  state: "judged",
  verdict,
  sentence,
  seconds: 20,
  replay: "npx tipcart run shopping-cart --seed 1",
  figures: {},
});

const night = (cells: readonly CellResult[], rest: Partial<NightlyRecord> = {}): NightlyRecord => ({
  schema: 1,
  name: "night",
  planHash: "abc",
  startedWallMs: 0,
  seconds: 60,
  shard: { index: 1, count: 1 },
  cellIds: cells.map(({ id }) => id),
  cells: [...cells],
  ...rest,
});

const mixed = night([
  cell("a", "passed"),
  cell("b", "inconclusive"),
  cell("c", "violated"),
  cell("d", "breached"),
  cell("e", "passed"),
]);

describe("a night", () => {
  it("is as bad as its worst cell", () => {
    expect(nightlyVerdict(mixed)).toBe("violated");
    expect(nightlyVerdict(night([cell("a", "inconclusive"), cell("b", "breached")]))).toBe("breached");
    expect(nightlyVerdict(night([cell("a", "inconclusive"), cell("b", "passed")]))).toBe("inconclusive");
    expect(nightlyVerdict(night([cell("b", "passed")]))).toBe("passed");
  });

  it("that ran nothing has not passed", () => {
    expect(nightlyVerdict(night([]))).toBe("inconclusive");
  });

  it("counts the four ways to end apart, and shows the worst first", () => {
    expect(nightlySentence(mixed)).toBe(
      "5 cells: 1 broke a promise, 1 missed a service level, 1 cannot tell, 2 passed.",
    );
    expect(nightlyTable(mixed).match(/^\w+/gm)).toEqual([
      "violated",
      "breached",
      "inconclusive",
      "passed",
      "passed",
      "5",
    ]);
  });

  it("is read back as it was written", () => {
    expect(parseNightlyRecord(JSON.stringify(mixed))).toEqual(mixed);
    expect(parseNightlyRecord('{"schema":2}')).toMatch(/^schema is wrong/);
    expect(parseNightlyRecord("{")).toBe("it is no JSON.");
  });

  it("is JUnit that fits its schema: two failures of two types and an error", () => {
    const xml = nightlyJunit(mixed);

    expect(junitFaults(xml)).toEqual([]);
    expect(readXml(xml).attributes).toMatchObject({ tests: "5", failures: "2", errors: "1" });
    expect(xml.match(/type="\w+"/g)).toEqual(['type="inconclusive"', 'type="violated"', 'type="breached"']);
  });

  it("annotates what did not pass, and unknown as a warning", () => {
    expect(nightlyAnnotations(mixed).match(/^::\w+/gm)).toEqual(["::error", "::error", "::warning"]);
  });

  it("lets no text of a cell out of its place", () => {
    for (const text of injectionCorpus) {
      const hostile = night([cell(text, "violated", text)]);

      expect(junitFaults(nightlyJunit(hostile))).toEqual([]);
      expect(nightlyAnnotations(hostile).trimEnd().split("\n")).toHaveLength(1);
      expect(nightlyMarkdown(hostile)).not.toMatch(/<script/i);
    }
  });
});

const shard = (index: number, cells: readonly CellResult[]): NightlyRecord =>
  night(cells, { shard: { index, count: 2 }, cellIds: mixed.cellIds });

describe("shards", () => {
  it("give the cells of the whole night, whatever their order", () => {
    const [a, b, c, d, e] = mixed.cells;
    if (!a || !b || !c || !d || !e) throw new Error("five cells");

    const merged = mergeShards([shard(2, [b, d]), shard(1, [a, c, e])]);

    expect(merged).toMatchObject({ cells: mixed.cells });
  });

  it("that are missing leave cells that nobody knows of", () => {
    const merged = mergeShards([shard(1, mixed.cells.slice(0, 1))]);

    if (typeof merged === "string") throw new Error(merged);
    expect(merged.cells).toHaveLength(5);
    expect(nightlyVerdict(merged)).toBe("inconclusive");
  });

  it("of different plans, or with a cell twice, are refused", () => {
    expect(mergeShards([mixed, { ...mixed, planHash: "other" }])).toMatch(/^Shards of two plans/);
    expect(mergeShards([mixed, mixed])).toBe('The cell "a" is in two shards.');
    expect(mergeShards([])).toBe("There is no shard to merge.");
  });
});
