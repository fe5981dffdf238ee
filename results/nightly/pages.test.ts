import { describe, expect, it } from "vitest";
import type { VerdictType } from "../../checkers/verdict.ts";
import { injectionCorpus } from "../fixture/injection-corpus.ts";
import { type Element, elementsOf, findAll, readMarkup, textOf } from "../fixture/page-reader.ts";
import { visibleText } from "../visible-text.ts";
import { nightlyPage } from "./nightly-page.ts";
import type { CellResult, NightlyRecord } from "./nightly-record.ts";
import type { Series } from "./series.ts";
import { seriesPage } from "./series-page.ts";

const cell = (id: string, verdict: VerdictType): CellResult => ({
  id,
  workload: "shopping-cart",
  seed: 7,
  state: "judged",
  verdict,
  sentence: `${id} ${verdict}.`,
  seconds: 20,
  replay: "npx tipcart run",
  figures: { "get p99": 12.5 },
});

const night = (cells: readonly CellResult[]): NightlyRecord => ({
  schema: 1,
  name: "small",
  planHash: "",
  startedWallMs: 0,
  seconds: 60,
  shard: { index: 1, count: 1 },
  cellIds: cells.map(({ id }) => id),
  cells: [...cells],
});

const mixed = night([
  cell("a", "passed"),
  cell("b", "inconclusive"),
  cell("c", "violated"),
  cell("d", "breached"),
]);

/** A night with each text in a cell of its own, wherever one may stand. */
const nightSaying = (texts: readonly string[]): Element => {
  const cells = texts.map((text) => ({
    ...cell(text, "violated"),
    workload: text,
    sentence: text,
    replay: text,
  }));
  return readMarkup(nightlyPage({ ...night(cells), name: texts.join(" ") }));
};

describe("the page of a night", () => {
  it("tells the four ways to end apart, the worst first", () => {
    const page = readMarkup(nightlyPage(mixed));

    expect(findAll(page, "section").map(({ attributes }) => attributes["id"])).toEqual([
      "violated",
      "breached",
      "inconclusive",
      "passed",
    ]);
    expect(findAll(page, "strong").map(textOf)).toEqual(["1", "1", "1", "1"]);
    expect(textOf(page)).toContain("12.5");
  });

  it("of a night that ran nothing says so", () => {
    expect(textOf(readMarkup(nightlyPage(night([]))))).toContain("nothing was run");
  });

  it("keeps its elements whatever its cells say", () => {
    const usual = elementsOf(nightSaying(injectionCorpus.map((_, index) => `plain ${index}`)));
    const page = nightSaying(injectionCorpus);

    expect(elementsOf(page).map(({ name }) => name)).toEqual(usual.map(({ name }) => name));
    for (const hostile of injectionCorpus) expect(textOf(page)).toContain(visibleText(hostile).slice(0, 40));
  });
});

const seriesOf = (names: readonly string[]): Series => ({
  nights: Array.from({ length: 3 }, (_, index) => ({
    schema: 1,
    name: "small",
    startedWallMs: index * 86_400_000,
    verdict: "passed",
    figures: Object.fromEntries(names.map((name) => [name, 5 + index])),
  })),
  unreadable: [],
});

describe("the page of a series", () => {
  it("keeps its elements whatever its figures are called", () => {
    const plain = seriesOf(injectionCorpus.map((_, index) => `figure ${index}`));
    const usual = elementsOf(readMarkup(seriesPage(plain))).map(({ name }) => name);
    const page = readMarkup(seriesPage(seriesOf(injectionCorpus)));

    expect(elementsOf(page).map(({ name }) => name)).toEqual(usual);
    for (const hostile of injectionCorpus) expect(textOf(page)).toContain(visibleText(hostile).slice(0, 40));
  });
});
