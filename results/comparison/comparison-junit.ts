/**
 * A comparison as JUnit XML: a case for its verdict and one for each figure that was compared.
 *
 * A figure that decides and became worse is a failure, one that decides and cannot tell an error, as nobody knows
 * what it hides. What is only shown passes with its numbers. A figure never fails where the comparison as a whole did
 * not call it a regression: runs of different machines, void pairs or a second set that said otherwise leave it open.
 */
import junit, { type Builder, type TestCase } from "junit-report-builder";
import { visibleLine, visibleText } from "../visible-text.ts";
import type { ComparedMetric, Comparison, DifferenceVerdict } from "./comparison.ts";
import { metricText } from "./comparison-text.ts";

/** Its types describe the package's ES build; Node loads the other one, whose export is the builder itself. */
const library = junit as unknown as Builder;

export type ToldComparison = {
  readonly comparison: Comparison;
  readonly notes: readonly string[];
  /** Whether the candidate broke a promise: that is worse than being slow. */
  readonly isViolated: boolean;
  /** What becomes of a figure that cannot tell: an error, or skipped with its reason. */
  readonly inconclusive: "fail" | "warn";
};

/** A document of one suite. */
export const comparisonJunit = (told: ToldComparison): string => {
  const { baseline, candidate, metrics, verdict = "inconclusive" } = told.comparison;
  const builder = library.newBuilder().name(visibleLine("tipcart comparison"));
  const suite = builder
    .testSuite()
    .name(visibleLine(`${candidate.label} against ${baseline.label}`))
    .timestamp(new Date(candidate.record.startedWallMs))
    .time(0)
    .property("verdict", verdict);
  verdictCase(suite.testCase().className("tipcart.comparison").name("verdict"), told, verdict);
  for (const metric of metrics)
    metricCase(suite.testCase().className("tipcart.comparison").name(visibleLine(metric.name)), metric, {
      verdict,
      inconclusive: told.inconclusive,
    });
  return builder.build();
};

/** A CDATA section ends at this mark, which the library splits only once. */
const block = (lines: readonly string[]): string =>
  visibleText(lines.join("\n")).replaceAll("]]>", "]]\\u{3e}");

const verdictCase = (one: TestCase, told: ToldComparison, verdict: DifferenceVerdict): void => {
  const { comparison, notes, isViolated, inconclusive } = told;
  const lines = [...notes, comparison.method];
  if (isViolated) {
    one.failure("The candidate broke a promise; see its runs.", "violated").stacktrace(block(lines));
    return;
  }
  switch (verdict) {
    case "regression":
      one.failure("The candidate is worse.", "regression").stacktrace(block(lines));
      return;
    case "inconclusive":
      if (inconclusive === "warn") one.skipped().standardOutput(block(lines));
      else one.error("The measurements cannot tell.", "inconclusive", block(lines));
      return;
    case "improvement":
    case "no change":
      one.standardOutput(block([`${verdict}.`, ...lines]));
      return;
  }
};

const metricCase = (
  one: TestCase,
  metric: ComparedMetric,
  whole: { readonly verdict: DifferenceVerdict; readonly inconclusive: "fail" | "warn" },
): void => {
  const text = visibleLine(metricText(metric));
  if (metric.isDeciding !== true) {
    one.standardOutput(`${text}; shown only.`);
    return;
  }
  if (metric.verdict === "regression" && whole.verdict === "regression") one.failure(text, "regression");
  else if (metric.verdict === "no change" || metric.verdict === "improvement") one.standardOutput(text);
  else if (whole.inconclusive === "warn") one.skipped().standardOutput(text);
  else one.error(text, "inconclusive");
};
