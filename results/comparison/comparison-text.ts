/** A comparison as text for the terminal: a line a figure, what is to be noted, and the verdict with its method. */

import { milliseconds, percent } from "../units.ts";
import { visibleLine } from "../visible-text.ts";
import type { ComparedMetric, Comparison } from "./comparison.ts";

/** Ends with a line feed. */
export const comparisonText = (comparison: Comparison, notes: readonly string[]): string => {
  const width = comparison.metrics.reduce((most, { name }) => Math.max(most, name.length), 0);
  const lines = comparison.metrics.map((one) => {
    const [baseline, candidate] = [one.baseline, one.candidate].map((value) =>
      shown(one, value).padStart(10),
    );
    const interval =
      one.interval === undefined ? "" : `${one.interval.low.toFixed(2)} to ${one.interval.high.toFixed(2)}`;
    const probability = one.probability === undefined ? "" : `p ${one.probability.toFixed(4)}`;
    const ratio = one.ratio === null ? "–" : `${one.ratio.toFixed(2)}×`;
    const cells = [ratio.padStart(6), interval.padEnd(12), probability.padEnd(8), one.verdict ?? ""];
    return `${one.name.padEnd(width)}  ${baseline}  ${candidate}  ${cells.join("  ")}`.trimEnd();
  });
  const { baseline, candidate, method, verdict = "nothing was decided" } = comparison;
  return `${[
    ...lines,
    ...notes,
    method,
    `${visibleLine(candidate.label)} against ${visibleLine(baseline.label)}: ${verdict}.`,
  ].join("\n")}\n`;
};

const shown = ({ unit }: ComparedMetric, value: number | null): string => {
  if (value === null) return "–";
  return unit === "share" ? percent(value) : `${milliseconds(value)} ms`;
};
