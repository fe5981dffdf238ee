/**
 * What pairs of runs say of two builds. Each pair had the same seed and stood next to each other in time, so only the
 * ratio within a pair counts: exact signed-rank test, the shift of Hodges and Lehmann, an interval over whole pairs.
 *
 * A regression needs both: it is unlikely to be chance (below 1 % after Holm's correction over what decides), and
 * large enough to matter. No change needs an interval that leaves no room for a change that matters. All else is
 * inconclusive, with the change that could have been seen.
 */
import { bootstrapInterval } from "../statistics/bootstrap.ts";
import { holmAdjusted } from "../statistics/holm.ts";
import { hodgesLehmann, medianOf, signedRankProbability } from "../statistics/signed-rank.ts";
import type { ComparedMetric, DifferenceVerdict } from "./comparison.ts";
import type { Measure } from "./measures.ts";
import { logRatio, metricKinds } from "./metric-kind.ts";

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
};

export const probabilityMax = 0.01;
/** Below that an interval over pairs means nothing. */
const pairsMin = 5;

/** `seed` decides what the bootstrap draws, so that the same pairs always say the same. */
export const decidePairs = (pairs: readonly RunPair[], seed: number): PairedResult => {
  const rows = rowsOf(pairs);
  const gating = rows.filter(({ isGating }) => isGating);
  const worse = adjusted(gating, (one) => one);
  const better = adjusted(gating, (one) => -one);
  const regressed = gating.filter((row) => isWorse(row, worse)).map(({ name }) => name);
  const decided = rows.map((row) => {
    const chance = {
      worse: worse.get(row.name) ?? signedRankProbability(row.logs),
      better: better.get(row.name) ?? signedRankProbability(row.logs.map((one) => -one)),
    };
    return { row, metric: comparedOf(row, chance, seed) };
  });
  const deciding = decided.filter(({ row }) => row.isGating);
  const verdicts = deciding.flatMap(({ metric }) => metric.verdict ?? []);
  return {
    verdict: overall(verdicts),
    regressed,
    metrics: decided.map(({ metric }) => metric),
    notes: [
      ...(2 ** -pairs.length * gating.length >= probabilityMax
        ? [`${pairs.length} pairs are too few for ${gating.length} figures: no regression could be believed.`]
        : []),
      ...deciding.flatMap(({ row, metric }) =>
        metric.verdict === "inconclusive" ? [`${row.name}: ${visibleText(metric)}`] : [],
      ),
    ],
  };
};

/** One regression is enough; one figure that cannot tell leaves the whole open. */
export const overall = (verdicts: readonly DifferenceVerdict[]): DifferenceVerdict => {
  if (verdicts.includes("regression")) return "regression";
  if (verdicts.length === 0 || verdicts.includes("inconclusive")) return "inconclusive";
  return verdicts.includes("improvement") ? "improvement" : "no change";
};

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
  const gating = rowsOf(pairs).filter(({ isGating }) => isGating);
  const worse = adjusted(gating, (one) => one);
  return gating.filter((row) => isWorse(row, worse)).map(({ name }) => name);
};

const isWorse = ({ name, kind, logs }: Row, worse: ReadonlyMap<string, number>): boolean =>
  logs.length >= pairsMin &&
  (worse.get(name) ?? 1) < probabilityMax &&
  Math.exp(hodgesLehmann(logs)) > metricKinds[kind].effectMin;

type Row = Omit<Measure, "value"> & {
  readonly baselines: readonly number[];
  readonly candidates: readonly number[];
  /** Of the pairs that have both values. */
  readonly logs: readonly number[];
};

const rowsOf = (pairs: readonly RunPair[]): readonly Row[] =>
  (pairs[0]?.baseline ?? []).map(({ name, kind, isGating }) => {
    const values = pairs.flatMap((pair) => {
      const [baseline, candidate] = [pair.baseline, pair.candidate].map(
        (side) => side.find((one) => one.name === name)?.value ?? null,
      );
      return baseline == null || candidate == null ? [] : [{ baseline, candidate }];
    });
    return {
      name,
      kind,
      isGating,
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
  seed: number,
): ComparedMetric => {
  const { logs } = row;
  const { unit, effectMin } = metricKinds[row.kind];
  const shown = {
    name: row.name,
    unit,
    isDeciding: row.isGating,
    baseline: orNull(medianOf(row.baselines)),
    candidate: orNull(medianOf(row.candidates)),
  };
  if (logs.length < pairsMin) return { ...shown, ratio: null, verdict: "inconclusive" };
  const ratio = Math.exp(hodgesLehmann(logs));
  const drawn = bootstrapInterval(
    [logs.length],
    ([draw]) => hodgesLehmann([...(draw ?? [])].map((index) => logs[index] ?? 0)),
    { seed },
  );
  const interval = { low: Math.exp(drawn.low), high: Math.exp(drawn.high) };
  const verdict = (): DifferenceVerdict => {
    if (chance.worse < probabilityMax && ratio > effectMin) return "regression";
    if (chance.better < probabilityMax && ratio < 1 / effectMin) return "improvement";
    return interval.low >= 1 / effectMin && interval.high <= effectMin ? "no change" : "inconclusive";
  };
  return {
    ...shown,
    ratio,
    interval,
    probability: Math.min(chance.worse, chance.better),
    verdict: verdict(),
    pairs: logs.map(Math.exp),
  };
};

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

const visibleText = ({ interval }: ComparedMetric): string =>
  interval === undefined
    ? "too few pairs have a value."
    : `with this noise a change below ${Math.max(1, Math.sqrt(interval.high / interval.low)).toFixed(2)}× could not be told from none.`;
