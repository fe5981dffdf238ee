/**
 * What pairs of runs say of two builds. Each pair had the same seed and stood next to each other in time, so only the
 * ratio within a pair counts: exact signed-rank test, the shift of Hodges and Lehmann, an interval over whole pairs.
 *
 * A regression needs both: it is unlikely to be chance (below 5 % after Holm's correction over what decides), and
 * large enough to matter; and then a second set of pairs must find the same figure worse by the same rules, so that
 * chance alone does it less than once in four hundred times. An improvement, which nobody confirms, must be unlikely
 * by itself (below 1 %). No change needs an interval that leaves no room for a change that matters. All else is
 * inconclusive, with the smallest change that this noise could have shown, and how many pairs might do.
 *
 * A figure that no run has requests enough for decides nothing, and that is said; one that only some runs have decides,
 * and cannot tell.
 */
import { bootstrapInterval } from "../statistics/bootstrap.ts";
import { holmAdjusted } from "../statistics/holm.ts";
import { hodgesLehmann, medianOf, signedRankProbability } from "../statistics/signed-rank.ts";
import { smallestShift } from "../statistics/smallest-shift.ts";
import { counted } from "../units.ts";
import type { ComparedMetric, DifferenceVerdict } from "./comparison.ts";
import type { Measure } from "./measures.ts";
import { effectMinOf, logRatio, mattersUsually, metricKinds } from "./metric-kind.ts";

/** What was measured of one run of each build, both with the same seed and one after the other. */
export type RunPair = { readonly baseline: readonly Measure[]; readonly candidate: readonly Measure[] };

/** What a comparison comes to, of pairs or of stored runs. */
export type Decision = {
  readonly verdict: DifferenceVerdict;
  readonly metrics: readonly ComparedMetric[];
  /** Why nothing can be said, or from where on it could have been; a sentence each. */
  readonly notes: readonly string[];
};

export type PairedResult = Decision & {
  /** Names of what decides and is worse. */
  readonly regressed: readonly string[];
  /** About so many pairs of this noise would leave no room for a change that matters; 0 where noise is not the reason. */
  readonly pairsWanted: number;
};

/** Of a change that one look has to prove. */
export const probabilityMax = 0.01;
/** Of a regression in each of the two sets of pairs that must agree on it. */
const probabilityMaxEach = 0.05;
/** Below that an interval over pairs means nothing. */
export const pairsMin = 5;

/**
 * `seed` decides what the bootstrap draws, so that the same pairs always say the same. `matters`: the share by which a
 * median has to change to be of interest.
 */
export const decidePairs = (
  pairs: readonly RunPair[],
  seed: number,
  matters: number = mattersUsually,
): PairedResult => {
  const rows = rowsOf(pairs, matters);
  const gating = rows.filter(({ isGating }) => isGating);
  const worse = adjusted(gating, (one) => one);
  const better = adjusted(gating, (one) => -one);
  const regressed = gating.filter((row) => isWorse(row, worse)).map(({ name }) => name);
  const decided = rows.map((row) => {
    const chance = {
      worse: worse.get(row.name) ?? signedRankProbability(row.logs),
      better: better.get(row.name) ?? signedRankProbability(row.logs.map((one) => -one)),
    };
    return {
      row,
      metric: comparedOf(row, chance, { seed, probabilityMax: probabilityMaxEach / gating.length }),
    };
  });
  const deciding = decided.filter(({ row }) => row.isGating);
  const verdicts = deciding.flatMap(({ metric }) => metric.verdict ?? []);
  const open = deciding.filter(({ metric }) => metric.verdict === "inconclusive");
  return {
    verdict: overall(verdicts),
    regressed,
    pairsWanted: open.reduce((most, { row, metric }) => Math.max(most, pairsFor(row, metric)), 0),
    metrics: decided.map(({ metric }) => metric),
    notes: [
      ...(2 ** -pairs.length * gating.length >= probabilityMaxEach
        ? [
            `${counted(pairs.length, "pair is", "pairs are")} too few for ${counted(gating.length, "figure")}: no regression could be believed with fewer than ${pairsNeeded(gating.length)}.`,
          ]
        : []),
      ...open.map(({ row, metric }) => `${row.name}: ${openSentence(row, metric)}`),
      ...rows.flatMap(({ name, isUnmeasured }) =>
        isUnmeasured ? [`${name}: no run had requests enough to measure it, so it decides nothing.`] : [],
      ),
    ],
  };
};

/** Pairs that must all agree for one of so many figures to be believed. */
const pairsNeeded = (figures: number): number => Math.floor(Math.log2(figures / probabilityMaxEach)) + 1;

/** One regression is enough; one figure that cannot tell leaves the whole open. */
export const overall = (verdicts: readonly DifferenceVerdict[]): DifferenceVerdict => {
  if (verdicts.includes("regression")) return "regression";
  if (verdicts.length === 0 || verdicts.includes("inconclusive")) return "inconclusive";
  return verdicts.includes("improvement") ? "improvement" : "no change";
};

/** What a set of pairs comes to that is not whole: nothing, whatever its figures say, and nothing can be confirmed. */
export const leftOpen = (result: PairedResult, reason: string): PairedResult => ({
  ...result,
  verdict: "inconclusive",
  regressed: [],
  notes: [reason, ...result.notes],
});

/** What is a regression in both sets is one; where the second does not confirm it, nothing is known. */
export const confirmed = (first: PairedResult, second: PairedResult): PairedResult => {
  const agreed = first.regressed.filter((name) => second.regressed.includes(name));
  const metrics = second.metrics.map((one) =>
    one.isDeciding === true && one.verdict === "regression" && !agreed.includes(one.name)
      ? { ...one, verdict: "inconclusive" as const }
      : one,
  );
  if (agreed.length > 0) return { ...second, metrics, verdict: "regression", regressed: agreed };
  const note = "The first set of pairs showed a regression that the second did not confirm.";
  return { ...second, metrics, verdict: "inconclusive", regressed: [], notes: [note, ...second.notes] };
};

/** Which of the figures that decide are worse; `decidePairs` without all that is only shown. */
export const regressedFigures = (pairs: readonly RunPair[]): readonly string[] => {
  const gating = rowsOf(pairs, mattersUsually).filter(({ isGating }) => isGating);
  const worse = adjusted(gating, (one) => one);
  return gating.filter((row) => isWorse(row, worse)).map(({ name }) => name);
};

const isWorse = ({ name, effectMin, logs }: Row, worse: ReadonlyMap<string, number>): boolean =>
  logs.length >= pairsMin &&
  (worse.get(name) ?? 1) < probabilityMaxEach &&
  Math.exp(hodgesLehmann(logs)) > effectMin;

type Row = Omit<Measure, "value"> & {
  /** Candidate over baseline from which on a change matters. */
  readonly effectMin: number;
  /** It would decide, had any run requests enough for it. */
  readonly isUnmeasured: boolean;
  readonly baselines: readonly number[];
  readonly candidates: readonly number[];
  /** Of the pairs that have both values. */
  readonly logs: readonly number[];
};

const rowsOf = (pairs: readonly RunPair[], matters: number): readonly Row[] =>
  (pairs[0]?.baseline ?? []).map(({ name, kind, isGating }) => {
    const valueIn = (side: readonly Measure[]): number | null =>
      side.find((one) => one.name === name)?.value ?? null;
    const both = pairs.map((pair) => ({
      baseline: valueIn(pair.baseline),
      candidate: valueIn(pair.candidate),
    }));
    const isMeasured = both.some(({ baseline, candidate }) => baseline !== null || candidate !== null);
    const values = both.flatMap(({ baseline, candidate }) =>
      baseline === null || candidate === null ? [] : [{ baseline, candidate }],
    );
    return {
      name,
      kind,
      effectMin: effectMinOf(kind, matters),
      isGating: isGating && isMeasured,
      isUnmeasured: isGating && !isMeasured,
      baselines: values.map(({ baseline }) => baseline),
      candidates: values.map(({ candidate }) => candidate),
      logs: values
        .map(({ baseline, candidate }) => logRatio(kind, baseline, candidate))
        .filter((log) => !Number.isNaN(log)),
    };
  });

const adjusted = (rows: readonly Row[], turned: (log: number) => number): ReadonlyMap<string, number> => {
  const probabilities = holmAdjusted(rows.map(({ logs }) => signedRankProbability(logs.map(turned))));
  return new Map(rows.map(({ name }, index) => [name, probabilities[index] ?? 1]));
};

const comparedOf = (
  row: Row,
  chance: { readonly worse: number; readonly better: number },
  rule: { readonly seed: number; readonly probabilityMax: number },
): ComparedMetric => {
  const { logs, effectMin } = row;
  const { unit } = metricKinds[row.kind];
  const shown = {
    name: row.name,
    unit,
    isDeciding: row.isGating,
    baseline: orNull(medianOf(row.baselines)),
    candidate: orNull(medianOf(row.candidates)),
  };
  if (shown.baseline === null && shown.candidate === null && !row.isGating) return { ...shown, ratio: null };
  if (logs.length < pairsMin) return { ...shown, ratio: null, verdict: "inconclusive" };
  const ratio = Math.exp(hodgesLehmann(logs));
  const drawn = bootstrapInterval(
    [logs.length],
    ([draw]) => hodgesLehmann([...(draw ?? [])].map((index) => logs[index] ?? 0)),
    { seed: rule.seed },
  );
  const smallest = row.isGating
    ? Math.exp(smallestShift(logs, rule.probabilityMax))
    : Number.POSITIVE_INFINITY;
  const interval = { low: Math.exp(drawn.low), high: Math.exp(drawn.high) };
  const verdict = (): DifferenceVerdict => {
    if (chance.worse < probabilityMaxEach && ratio > effectMin) return "regression";
    if (chance.better < probabilityMax && ratio < 1 / effectMin) return "improvement";
    return interval.low >= 1 / effectMin && interval.high <= effectMin ? "no change" : "inconclusive";
  };
  return {
    ...shown,
    ratio,
    interval,
    probability: Math.min(chance.worse, chance.better),
    verdict: verdict(),
    ...(Number.isFinite(smallest) ? { smallestEffect: Math.max(effectMin, smallest) } : {}),
    pairs: logs.map(Math.exp),
  };
};

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Why a figure that decides cannot tell, and what it could have told. */
const openSentence = ({ effectMin }: Row, { interval, smallestEffect }: ComparedMetric): string => {
  if (interval === undefined) return "too few pairs have a value.";
  const room = `between ${interval.low.toFixed(2)} and ${interval.high.toFixed(2)} times the baseline's, which is no answer where ${effectMin.toFixed(2)}× matters`;
  return smallestEffect === undefined
    ? `${room}; so few pairs could not have shown any slow-down.`
    : `${room}; the smallest slow-down that this noise could have shown is ${smallestEffect.toFixed(2)}×.`;
};

/** An interval narrows with the root of their number; 0 where it is narrow enough and only lies badly. */
const pairsFor = ({ effectMin, logs }: Row, { interval }: ComparedMetric): number => {
  if (interval === undefined) return 0;
  const excess = Math.log(interval.high / interval.low) / 2 / Math.log(effectMin);
  return excess <= 1 ? 0 : Math.ceil(logs.length * excess ** 2);
};
