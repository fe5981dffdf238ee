/**
 * Whether one run of a pair can be believed. A generator that was late or starved measures itself, and its pair is
 * void: better a pair more than a verdict about the machine.
 */
import { generatorFigures } from "../../checkers/generator-fitness.ts";
import type { History } from "../../checkers/history/history.ts";
import { loopStallMicrosMax } from "../../checkers/load-loop.ts";

/** p99.9 of the lag may be so many times what its p99 may be. */
const rareLagFactor = 5;

/** Why the run does not count, a sentence each; none for a good one. `lagMs` bounds the p99 of the generator's lag. */
export const screenOf = (
  history: Pick<History, "requests" | "load" | "machine" | "phases">,
  lagMs: number,
): readonly string[] => {
  const figures = generatorFigures(history, ({ kind }) => kind !== "warm-up");
  const { lagMicrosP99, lagMicrosP999, droppedCount, stallMicros } = figures;
  return [
    ...(history.requests.count === 0 ? ["It has no request."] : []),
    ...(droppedCount > 0 ? [`${droppedCount} requests were not sent.`] : []),
    ...(lagMicrosP99 > lagMs * 1_000 ? [`The generator's lag p99 was ${ms(lagMicrosP99)}.`] : []),
    ...(lagMicrosP999 > rareLagFactor * lagMs * 1_000
      ? [`The generator's lag p99.9 was ${ms(lagMicrosP999)}.`]
      : []),
    ...(stallMicros > loopStallMicrosMax ? [`The generator stalled for ${ms(stallMicros)}.`] : []),
  ];
};

const ms = (micros: number): string => `${(micros / 1_000).toFixed(1)} ms`;
