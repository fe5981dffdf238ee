/** A comparison as text for the terminal: a line a figure, what is to be noted, and the verdict with its method. */

import { milliseconds, percent } from "../units.ts";
import { visibleLine } from "../visible-text.ts";
import type { ComparedMetric, Comparison } from "./comparison.ts";
import { selfTestSentence } from "./self-tests.ts";
import { spreadSentence } from "./spread.ts";

/** Ends with a line feed. */
export const comparisonText = (comparison: Comparison, notes: readonly string[]): string => {
  const metrics = comparison.metrics.filter(isTold);
  const width = metrics.reduce((most, { name }) => Math.max(most, name.length), 0);
  const lines = metrics.map((one) => {
    const [baseline, candidate] = [one.baseline, one.candidate].map((value) =>
      shown(one, value).padStart(10),
    );
    const { interval, probability, ratio } = testedText(one);
    const cells = [ratio.padStart(6), interval.padEnd(12), probability.padEnd(8), one.verdict ?? ""];
    return `${one.name.padEnd(width)}  ${baseline}  ${candidate}  ${cells.join("  ")}`.trimEnd();
  });
  const { baseline, candidate, method, verdict = "nothing was decided" } = comparison;
  const figures = decidingFigures(comparison);
  return `${[
    ...lines,
    ...notes,
    ...(comparison.spreads ?? []).map(spreadSentence),
    ...(comparison.selfTests === undefined ? [] : [selfTestSentence(comparison.selfTests)]).map(visibleLine),
    method,
    `${visibleLine(candidate.label)} against ${visibleLine(baseline.label)}: ${verdict}${figures === "" ? "" : `, ${figures}`}.`,
  ].join("\n")}\n`;
};

/** What neither side has requests enough for is no figure, unless something rests on it. */
const isTold = ({ isDeciding, baseline, candidate }: ComparedMetric): boolean =>
  isDeciding === true || baseline !== null || candidate !== null;

/** What the verdict rests on: "get: p50 1.22× (1.18 to 1.25)"; empty where it names no figure. */
export const decidingFigures = ({ metrics, verdict }: Comparison): string =>
  metrics
    .filter((one) => one.isDeciding === true && one.verdict === verdict && verdict !== "no change")
    .map((one) => {
      const { interval, ratio } = testedText(one);
      return interval === "" ? visibleLine(one.name) : `${visibleLine(one.name)} ${ratio} (${interval})`;
    })
    .join("; ");

/** "4.10 ms, was 3.90 ms: 1.05×, 1.03 to 1.08, p 0.0020, inconclusive, 1.12× could have been shown" */
export const metricText = (one: ComparedMetric): string => {
  const { interval, probability, ratio } = testedText(one);
  const could =
    one.verdict === "inconclusive" && one.smallestEffect !== undefined
      ? `${one.smallestEffect.toFixed(2)}× could have been shown`
      : "";
  const cells = [ratio, interval, probability, one.verdict ?? "", could].filter((cell) => cell !== "");
  return `${shown(one, one.candidate)}, was ${shown(one, one.baseline)}: ${cells.join(", ")}`;
};

/** What a statistic said of a figure; empty where none was asked. */
const testedText = ({ interval, probability, ratio }: ComparedMetric) => ({
  interval: interval === undefined ? "" : `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`,
  probability: probability === undefined ? "" : `p ${probability.toFixed(4)}`,
  ratio: ratio === null ? "–" : `${ratio.toFixed(2)}×`,
});

const shown = ({ unit }: ComparedMetric, value: number | null): string => {
  if (value === null) return "–";
  return unit === "share" ? percent(value) : `${milliseconds(value)} ms`;
};
