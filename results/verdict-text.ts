/**
 * One verdict as plain text, for a history that has no run around it: the sentence that matters, and each anomaly
 * as a person can follow it, step by step.
 */
import type { Anomaly, Verdict } from "../checkers/verdict.ts";
import { verdictWords } from "./conclusion.ts";
import { visibleLine } from "./visible-text.ts";

/** Anomalies that are told whole; `--json` has all that the verdict keeps. */
const toldMax = 5;

/** Ends with a line feed. */
export const verdictText = (verdict: Verdict): string => {
  const { word } = verdictWords[verdict.type];
  const told = verdict.anomalies.slice(0, toldMax);
  const more = verdict.anomalyCount - told.length;
  return [
    `${word}: ${visibleLine(verdict.summary)}`,
    ...told.flatMap(storyOf),
    ...(more > 0 ? ["", `And ${more} more.`] : []),
    "",
    ...Object.entries(verdict.metrics).map(([name, value]) => `${name}: ${visibleLine(String(value))}`),
    "",
  ].join("\n");
};

const storyOf = ({ type, sentence, story }: Anomaly): readonly string[] => [
  "",
  `${type}: ${visibleLine(sentence)}`,
  ...story.map((step) => `    ${visibleLine(step)}`),
];
