/**
 * What an experiment on a figure of the paper is: a name, the rows of the mission that it answers, and findings that
 * come one after another. `npm run bench -- paper` runs them; those in a simulated world give the same figures
 * everywhere, those of real processes give ratios that a busy machine blurs.
 */
import type { FrontPrograms } from "./real-store.ts";

export type Finding = {
  /** One line for a person. */
  readonly line: string;
  /** What was varied and what came of it; shares are 0 to 1, times in milliseconds. */
  readonly figures: Readonly<Record<string, number | string>>;
};

export type ExperimentOptions = {
  readonly programs: FrontPrograms;
  /** Fewer trials or shorter turns: says whether it works, and little about the figure. */
  readonly isQuick: boolean;
};

export type Experiment = {
  readonly name: string;
  /** May throw when processes do not start. */
  readonly run: (options: ExperimentOptions) => AsyncIterable<Finding>;
};

/** `0.1234` as `12.34 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
