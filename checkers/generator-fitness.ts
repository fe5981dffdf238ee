/**
 * Whether the load generator can be believed. One that is late, that stalls, or that is starved by its machine
 * measures itself and calls it the store, so it is looked at with the same clock as the store.
 *
 * Foreign load alone is no reason for doubt: work of low priority takes what nobody wants. It is one when the run's
 * own processes, the nodes among them, wait for a processor while others have it.
 */
import type { LoadHealth, MachineHealth, Micros, Phase } from "./history/event.ts";
import type { Requests } from "./history/requests.ts";
import { LatencyHistogram } from "./latency/histogram.ts";
import { loopStallMicrosMax } from "./load-loop.ts";

/** The generator's own lag, as a share of the limit, above which a verdict against that limit is doubted. */
export const lagShareMax = 0.03;
/**
 * Shares of the processors, and of the time that the run's own processes wanted to run. With work of idle priority
 * all around, a run waits for a third of that time and keeps its pace; with four hogs on two processors, for two.
 */
export const foreignShareMax = 0.25;
export const waitShareMax = 0.5;
export const stealShareMax = 0.05;

export type GeneratorEvidence = {
  readonly phases: readonly Phase[];
  readonly load: readonly LoadHealth[];
  readonly machine: readonly MachineHealth[];
  readonly requests: Pick<Requests, "count" | "isFinal" | "intended" | "sent">;
};

/** Over the measured phases. */
export type GeneratorFigures = {
  readonly lagMicrosP99: Micros;
  readonly lagMicrosP999: Micros;
  readonly stallMicros: Micros;
  readonly gcMicros: Micros;
  readonly droppedCount: number;
  /** Means; 0 where the machine was not looked at. */
  readonly foreignShare: number;
  readonly stealShare: number;
  readonly waitShare: number;
};

export const generatorFigures = (
  { requests, load, machine, phases }: GeneratorEvidence,
  isOfInterest: (phase: Phase) => boolean,
): GeneratorFigures => {
  const measured = phases.filter(isOfInterest);
  const isMeasured = ({ at }: { readonly at: Micros }): boolean =>
    measured.some(({ from, until }) => at >= from && at < until);
  const lags = new LatencyHistogram();
  for (let row = 0; row < requests.count; row++) {
    if (requests.isFinal(row) || !isMeasured({ at: requests.intended(row) })) continue;
    lags.record(Math.max(0, requests.sent(row) - requests.intended(row)));
  }
  const health = load.filter(isMeasured);
  const looks = machine.filter(isMeasured);
  const mean = (shareOf: (look: MachineHealth) => number): number =>
    looks.length === 0 ? 0 : looks.reduce((sum, look) => sum + shareOf(look), 0) / looks.length;
  return {
    lagMicrosP99: lags.valueAt(0.99),
    lagMicrosP999: lags.valueAt(0.999),
    stallMicros: health.reduce((most, { loopStallUsMax }) => Math.max(most, loopStallUsMax), 0),
    gcMicros: health.reduce((most, { gcUsMax = 0 }) => Math.max(most, gcUsMax), 0),
    droppedCount: health.reduce((sum, { dropped }) => sum + dropped, 0),
    foreignShare: mean(({ foreignShare }) => foreignShare),
    stealShare: mean(({ stealShare }) => stealShare),
    waitShare: mean(({ waitShare }) => waitShare),
  };
};

/** Why figures against a limit of `limitMs` cannot be believed, a sentence each; none for a fit generator. */
export const generatorDoubts = (figures: GeneratorFigures, limitMs: number): readonly string[] => {
  const { lagMicrosP999, stallMicros, gcMicros, droppedCount, foreignShare, stealShare, waitShare } = figures;
  const lagMax = lagShareMax * limitMs * 1000;
  const doubts: string[] = [];
  if (lagMicrosP999 > lagMax)
    doubts.push(`it lagged: its p99.9 was ${ms(lagMicrosP999, 1)}, where ${ms(lagMax, 1)} are allowed`);
  if (gcMicros > loopStallMicrosMax) doubts.push(`it paused for ${ms(gcMicros)} to collect garbage`);
  else if (stallMicros > loopStallMicrosMax) doubts.push(`it stalled for ${ms(stallMicros)}`);
  if (droppedCount > 0) doubts.push(`it had no room for ${droppedCount} arrivals`);
  if (foreignShare > foreignShareMax && waitShare > waitShareMax)
    doubts.push(
      `other programs took ${percent(foreignShare)} of the processors, for which the run's own processes waited ` +
        `${percent(waitShare)} of the time they wanted to run`,
    );
  if (stealShare > stealShareMax)
    doubts.push(`other machines on the same hardware took ${percent(stealShare)} of the processors`);
  return doubts;
};

const ms = (micros: number, digits = 0): string => `${(micros / 1000).toFixed(digits)} ms`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
