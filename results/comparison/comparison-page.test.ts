import { describe, expect, it } from "vitest";
import { injectionCorpus, payload } from "../fixture/injection-corpus.ts";
import { junitFaults, readXml } from "../fixture/junit-shape.ts";
import { elementsOf, findAll, isElement, readMarkup, textOf } from "../fixture/page-reader.ts";
import { stagedRun } from "../fixture/staged-run.ts";
import type { ComparedMetric, Comparison, DifferenceVerdict, Side } from "./comparison.ts";
import { comparisonJunit, type ToldComparison } from "./comparison-junit.ts";
import { comparisonPage } from "./comparison-page.ts";
import { comparisonText } from "./comparison-text.ts";
import { bandSentence, noBandSentence } from "./overlay.ts";

const staged = stagedRun({ rate: 10 });
const side = (label: string): Side => ({ label, ...staged });

const metric = (name: string, verdict: DifferenceVerdict, isDeciding = true): ComparedMetric => ({
  name,
  unit: "ms",
  baseline: 4,
  candidate: 5,
  ratio: 1.25,
  interval: { low: 1.2, high: 1.3 },
  probability: 0.002,
  verdict,
  isDeciding,
  pairs: [1.2, 1.3],
});

const comparison = (verdict: DifferenceVerdict, metrics: readonly ComparedMetric[]): Comparison => ({
  baseline: side("main~1"),
  candidate: side("main"),
  method: "Ten pairs.",
  verdict,
  metrics,
  spreads: [{ operation: "get", distance: 0.12, probability: 0.002, isChanged: true }],
  selfTests: [],
});

const told = (verdict: DifferenceVerdict, rest: Partial<ToldComparison> = {}): ToldComparison => ({
  comparison: comparison(verdict, [
    metric("get: p50", verdict),
    metric("get: p99", "inconclusive", false),
    metric("put: p50", "regression"),
  ]),
  notes: ["A note."],
  isViolated: false,
  inconclusive: "fail",
  ...rest,
});

/** What stands in each case: its name, and the kind of its ending. */
const endings = (one: ToldComparison): readonly string[] =>
  elementsOf(readXml(comparisonJunit(one)))
    .filter(({ name }) => name === "testcase")
    .map(
      ({ attributes, children }) =>
        `${attributes["name"]} ${children.filter(isElement).map((child) => child.name)[0]}`,
    );

describe("a comparison as JUnit", () => {
  it.each([
    ["regression", {}, "failure", "failure", "failure"],
    ["no change", {}, "system-out", "system-out", "error"],
    ["improvement", {}, "system-out", "system-out", "error"],
    ["inconclusive", {}, "error", "error", "error"],
    ["inconclusive", { inconclusive: "warn" }, "skipped", "skipped", "skipped"],
    ["no change", { isViolated: true }, "failure", "system-out", "error"],
  ] as const)("that is %s, %j, keeps to the schema and ends so", (verdict, rest, whole, first, last) => {
    const one = told(verdict, rest);

    expect(junitFaults(comparisonJunit(one))).toEqual([]);
    expect(endings(one)).toEqual([
      `verdict ${whole}`,
      `get: p50 ${first}`,
      "get: p99 system-out",
      `put: p50 ${last}`,
    ]);
  });

  it("keeps to the schema whatever its names are", () => {
    const hostile = injectionCorpus.map((text, index) => metric(text, "regression", index % 2 === 0));
    const { baseline, ...rest } = comparison("regression", hostile);
    const one = {
      ...told("regression"),
      comparison: { ...rest, baseline: { ...baseline, label: hostile[0]?.name ?? "" } },
    };

    expect(junitFaults(comparisonJunit(one))).toEqual([]);
  });
});

describe("the page of a comparison", () => {
  it("draws both distributions of pairs with a band, and says why there is none without pairs", () => {
    const { comparison: single } = told("inconclusive");
    const point = { baselineMs: 4, candidateMs: 5, lowMs: 4.8, highMs: 5.2 };
    const points = [0.5, 0.9, 0.99].map((quantile) => ({ ...point, quantile }));
    const paired = { ...single, bands: [{ operation: "get" as const, pairCount: 10, points }] };
    const page = readMarkup(comparisonPage(paired));
    const plain = readMarkup(comparisonPage(single));

    expect(findAll(page, "path", "area")).toHaveLength(4);
    expect(textOf(page)).toContain(bandSentence(paired.bands));
    expect(findAll(plain, "path", "area")).toEqual([]);
    expect(textOf(plain)).toContain(noBandSentence);
  });

  it("names what the verdict rests on, and what is to be known before it is believed", () => {
    const page = readMarkup(comparisonPage({ ...told("regression").comparison, notes: ["A pair is void."] }));

    expect(textOf(page)).toContain("get: p50 1.25× (1.20 to 1.30); put: p50 1.25× (1.20 to 1.30)");
    expect(findAll(page, "ul", "notes").map(textOf)).toEqual(["A pair is void."]);
  });

  it("shows every figure, the shape, and what is known of comparisons here", () => {
    const page = readMarkup(comparisonPage(told("regression").comparison));

    expect(findAll(page, "table", "compared").map((table) => findAll(table, "tr").length - 1)).toEqual([
      2, 1,
    ]);
    expect(textOf(page)).toContain("The candidate is worse.");
    expect(textOf(page)).toContain(
      "get: the spread beside the median changed; at most 12.0 % of the requests lie elsewhere (p 0.002).",
    );
    expect(textOf(page)).toContain("No comparison of a build with itself is known of this machine");
  });

  it("keeps its elements whatever labels, names and records say", () => {
    const hostile = injectionCorpus.filter((_, index) => index % 7 === 0).join(" ");
    const text = (plain: string): string => `${plain}${hostile}`;
    const hostileRun = stagedRun({ rate: 10, text });
    const plain = comparison("regression", [metric("get: p50", "regression")]);
    const usual = elementsOf(readMarkup(comparisonPage(plain))).map(({ name }) => name);
    const page = comparisonPage({
      ...plain,
      baseline: { label: text("main~1"), ...hostileRun },
      candidate: { label: text("main"), ...hostileRun },
      method: text(plain.method),
      metrics: [metric(text("get: p50"), "regression")],
      selfTests: [
        {
          schema: 1,
          startedWallMs: 0,
          build: text("main"),
          way: "equal",
          pairCount: 10,
          verdict: "no change",
          machine: "",
        },
      ],
    });

    expect(elementsOf(readMarkup(page)).map(({ name }) => name)).toEqual(usual);
    expect(textOf(readMarkup(page))).toContain(payload);
  });
});

it("the text of a comparison says the same as its page", () => {
  const text = comparisonText(told("regression").comparison, ["A note."]);

  expect(text).toContain("get: the spread beside the median changed");
  expect(text).toContain("No comparison of a build with itself is known");
  expect(text).toContain("main against main~1: regression, get: p50 1.25× (1.20 to 1.30); put: p50 ");
  expect(text).toMatch(/get: p50 +5?4\.00 ms +5\.00 ms +1\.25× +1\.20 to 1\.30 +p 0\.0020 +regression/);
});
