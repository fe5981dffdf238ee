/**
 * What stored runs say of two builds, which is less than pairs do: they ran at different times, and the machine drifts.
 *
 * One run a side: whole seconds of the steady phases are drawn again (requests of one second are not independent), the
 * least effects are three times as large, and the strongest word is a warning. Seven runs a side or more: the exact
 * rank-sum test over runs, with the effects of the paired mode. Runs in a row drift together, so that this still calls
 * one comparison of equals in ten different; pairs do not. As there, a figure that no run has decides nothing, and one
 * that fewer than seven have cannot tell.
 */
import type { RequestKind } from "../../checkers/history/rows.ts";
import type { LoadRequest } from "../load-requests.ts";
import { bootstrapInterval } from "../statistics/bootstrap.ts";
import { holmAdjusted } from "../statistics/holm.ts";
import { medianShift, rankSumProbability } from "../statistics/rank-sum.ts";
import { medianOf } from "../statistics/signed-rank.ts";
import type { ComparedMetric, DifferenceVerdict } from "./comparison.ts";
import type { StoredRun } from "./fingerprint.ts";
import { type Group, groupsOf, type Measure, measuresOf, valueOf } from "./measures.ts";
import { logRatio, metricKinds, type RequestMetric } from "./metric-kind.ts";
import { type Decision, overall, probabilityMax } from "./paired.ts";

/** Runs a side from which on the rank-sum test can say anything after correction. */
export const repeatsMin = 7;
/** The exact test counts all ways to divide the runs, which grows with the cube of their number. */
export const repeatsMax = 40;
/** By how much less one run a side knows. */
const widening = 3;
const resamples = 200;

export const repeatsMethod =
  "Stored runs, several a side: exact rank-sum test over runs. Runs that stood in a row drift together, so one comparison of equals in ten is called different; pairs (tipcart ab) are not.";
export const singleMethod =
  "Stored runs, one a side: seconds drawn again, effects three times as wide, and at most a warning. Pairs (tipcart ab) can tell.";

/** The strongest statistics that so many runs allow. */
export const decideStored = (
  baselines: readonly StoredRun[],
  candidates: readonly StoredRun[],
  seed: number,
): Decision & { readonly method: string } => {
  const [baseline, candidate] = [baselines[0], candidates[0]];
  if (Math.min(baselines.length, candidates.length) >= repeatsMin)
    return { ...decideRepeats(baselines, candidates, seed), method: repeatsMethod };
  if (baseline === undefined || candidate === undefined)
    return { verdict: "inconclusive", metrics: [], notes: ["A side has no run."], method: singleMethod };
  return { ...decideSingle(baseline, candidate, seed), method: singleMethod };
};

const decideRepeats = (
  baselines: readonly StoredRun[],
  candidates: readonly StoredRun[],
  seed: number,
): Decision => {
  const rows = repeatRows(baselines, candidates);
  const gating = rows.filter(({ isGating }) => isGating);
  const worse = holmAdjusted(gating.map((row) => rankSumProbability(row.base, row.cand)));
  const better = holmAdjusted(gating.map((row) => rankSumProbability(row.cand, row.base)));
  const metrics = rows.map((row) => {
    const place = gating.indexOf(row);
    const chance = {
      worse: worse[place] ?? rankSumProbability(row.base, row.cand),
      better: better[place] ?? rankSumProbability(row.cand, row.base),
    };
    return repeatMetric(row, chance, seed);
  });
  const deciding = metrics.filter(({ isDeciding }) => isDeciding === true);
  return {
    verdict: overall(deciding.flatMap(({ verdict }) => verdict ?? [])),
    metrics,
    notes: deciding.flatMap(({ name, verdict, interval }) =>
      verdict === "inconclusive" ? [`${name}: ${openSentence(interval)}`] : [],
    ),
  };
};

/** A figure over the runs of each side that have it, as logarithms. */
type RepeatRow = Omit<Measure, "value"> & {
  readonly base: readonly number[];
  readonly cand: readonly number[];
};

const repeatRows = (
  baselines: readonly StoredRun[],
  candidates: readonly StoredRun[],
): readonly RepeatRow[] => {
  const [before, after] = [baselines, candidates].map((side) =>
    side.map(({ history }) => measuresOf(history)),
  );
  return (before?.[0] ?? []).map(({ name, kind, isGating }) => {
    const { offset } = metricKinds[kind];
    const logsOf = (side: typeof before): readonly number[] =>
      (side ?? []).flatMap((run) => {
        const value = run.find((one) => one.name === name)?.value ?? null;
        return value === null || value + offset <= 0 ? [] : [Math.log(value + offset)];
      });
    const [base, cand] = [logsOf(before), logsOf(after)];
    return { name, kind, isGating: isGating && base.length + cand.length > 0, base, cand };
  });
};

const repeatMetric = (row: RepeatRow, chance: Chance, seed: number): ComparedMetric => {
  const { base, cand } = row;
  const { unit, effectMin, offset } = metricKinds[row.kind];
  const middle = (logs: readonly number[]): number | null =>
    logs.length === 0 ? null : Math.exp(medianOf(logs)) - offset;
  const shown = {
    name: row.name,
    unit,
    isDeciding: row.isGating,
    baseline: middle(base),
    candidate: middle(cand),
  };
  if (Math.min(base.length, cand.length) < repeatsMin)
    return { ...shown, ratio: null, ...(row.isGating ? { verdict: "inconclusive" as const } : {}) };
  const ratio = Math.exp(medianShift(base, cand));
  const drawn = bootstrapInterval(
    [base.length, cand.length],
    ([b, c]) => medianShift(taken(base, b), taken(cand, c)),
    { seed, resamples },
  );
  const interval = { low: Math.exp(drawn.low), high: Math.exp(drawn.high) };
  return {
    ...shown,
    ratio,
    interval,
    probability: Math.min(chance.worse, chance.better),
    verdict: verdictOf({ ratio, interval, effectMin, chance }),
  };
};

const openSentence = (interval: ComparedMetric["interval"]): string =>
  interval === undefined
    ? "too few runs have a value."
    : `between ${interval.low.toFixed(2)} and ${interval.high.toFixed(2)} times the baseline's, which is no answer.`;

const taken = (values: readonly number[], draw: Int32Array | undefined): readonly number[] =>
  [...(draw ?? [])].map((index) => values[index] ?? Number.NaN);

/** How likely a candidate so much worse, or better, is between equals. */
type Chance = { readonly worse: number; readonly better: number };

const verdictOf = (found: {
  readonly ratio: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly effectMin: number;
  readonly chance: Chance;
}): DifferenceVerdict => {
  const { ratio, interval, effectMin, chance } = found;
  if (chance.worse < probabilityMax && ratio > effectMin) return "regression";
  if (chance.better < probabilityMax && ratio < 1 / effectMin) return "improvement";
  return interval.low >= 1 / effectMin && interval.high <= effectMin ? "no change" : "inconclusive";
};

const decideSingle = (baseline: StoredRun, candidate: StoredRun, seed: number): Decision => {
  const others = groupsOf(candidate.history);
  const compared = groupsOf(baseline.history).flatMap((group) => {
    const like = others.find(
      ({ operation, phase }) => operation === group.operation && phase === group.phase,
    );
    if (like === undefined || !group.phase.startsWith("steady")) return [];
    return kindsOf(group.operation).map((kind) => singleFigure(kind, group, like, seed));
  });
  const metrics = compared.map(({ metric }) => metric);
  const verdicts = metrics.flatMap(({ verdict }) => verdict ?? []);
  return {
    verdict: verdicts.every((one) => one === "no change") ? overall(verdicts) : "inconclusive",
    metrics,
    notes: compared.flatMap(({ isFarApart, metric: { name, interval } }) =>
      isFarApart && interval !== undefined
        ? [
            `Warning: ${name} is between ${interval.low.toFixed(2)} and ${interval.high.toFixed(2)} times the baseline's.`,
          ]
        : [],
    ),
  };
};

/** `isFarApart`: by more than one run a side may differ, and not by chance among its seconds. */
type SingleFigure = { readonly metric: ComparedMetric; readonly isFarApart: boolean };

const kindsOf = (operation: RequestKind | "any"): readonly RequestMetric[] =>
  operation === "any" ? ["bad share"] : ["p50", "p99"];

const singleFigure = (kind: RequestMetric, baseline: Group, candidate: Group, seed: number): SingleFigure => {
  const { unit, effectMin } = metricKinds[kind];
  const wide = 1 + widening * (effectMin - 1);
  const [base, cand] = [valueOf(kind, baseline.requests), valueOf(kind, candidate.requests)];
  const shown = {
    name: `${baseline.operation}, ${baseline.phase}: ${kind}`,
    unit,
    isDeciding: true,
    baseline: base,
    candidate: cand,
  };
  if (base === null || cand === null)
    return { metric: { ...shown, ratio: null, verdict: "inconclusive" }, isFarApart: false };
  const [before, after] = [secondsOf(baseline.requests), secondsOf(candidate.requests)];
  const drawn = bootstrapInterval(
    [before.length, after.length],
    ([b, c]) => {
      const values = [valueOf(kind, pooled(before, b)), valueOf(kind, pooled(after, c))];
      return logRatio(kind, values[0] ?? Number.NaN, values[1] ?? Number.NaN);
    },
    { seed, resamples },
  );
  const interval = { low: Math.exp(drawn.low), high: Math.exp(drawn.high) };
  const isSame = interval.low >= 1 / wide && interval.high <= wide;
  const ratio = Math.exp(logRatio(kind, base, cand));
  return {
    metric: { ...shown, ratio, interval, verdict: isSame ? "no change" : "inconclusive" },
    isFarApart: (interval.low > 1 && ratio > wide) || (interval.high < 1 && ratio < 1 / wide),
  };
};

/** Blocks of what was due within one second. */
const secondsOf = (requests: readonly LoadRequest[]): readonly (readonly LoadRequest[])[] => {
  const blocks = new Map<number, LoadRequest[]>();
  for (const request of requests) {
    const second = Math.floor(request.due / 1e6);
    const block = blocks.get(second);
    if (block === undefined) blocks.set(second, [request]);
    else block.push(request);
  }
  return [...blocks.values()];
};

const pooled = (
  blocks: readonly (readonly LoadRequest[])[],
  draw: Int32Array | undefined,
): readonly LoadRequest[] => [...(draw ?? [])].flatMap((index) => blocks[index] ?? []);
