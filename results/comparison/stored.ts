/**
 * What stored runs say of two builds, which is less than pairs do: they ran at different times, and the machine drifts.
 *
 * One run a side: whole seconds of the steady phases are drawn again (requests of one second are not independent), the
 * least effects are three times as large, and the strongest word is a warning. Seven runs a side or more: the exact
 * rank-sum test over runs, with the effects of the paired mode. Runs in a row drift together, so that this still calls
 * one comparison of equals in ten different; pairs do not.
 */
import type { RequestKind } from "../../checkers/history/rows.ts";
import type { LoadRequest } from "../load-requests.ts";
import { bootstrapInterval } from "../statistics/bootstrap.ts";
import { holmAdjusted } from "../statistics/holm.ts";
import { medianShift, rankSumProbability } from "../statistics/rank-sum.ts";
import { medianOf } from "../statistics/signed-rank.ts";
import type { ComparedMetric, DifferenceVerdict } from "./comparison.ts";
import type { StoredRun } from "./fingerprint.ts";
import { type Group, groupsOf, measuresOf, valueOf } from "./measures.ts";
import { logRatio, metricKinds, type RequestMetric } from "./metric-kind.ts";
import { type Decision, overall, probabilityMax } from "./paired.ts";

/** Runs a side from which on the rank-sum test can say anything after correction. */
export const repeatsMin = 7;
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
  const [base, cand] = [baselines, candidates].map((side) => side.map(({ history }) => measuresOf(history)));
  const rows = (base?.[0] ?? []).map(({ name, kind, isGating }) => {
    const { offset } = metricKinds[kind];
    const logsOf = (side: typeof base): readonly number[] =>
      (side ?? []).flatMap((run) => {
        const value = run.find((one) => one.name === name)?.value ?? null;
        return value === null || value + offset <= 0 ? [] : [Math.log(value + offset)];
      });
    return { name, kind, isGating, base: logsOf(base), cand: logsOf(cand) };
  });
  const gating = rows.filter(({ isGating }) => isGating);
  const worse = holmAdjusted(gating.map((row) => rankSumProbability(row.base, row.cand)));
  const better = holmAdjusted(gating.map((row) => rankSumProbability(row.cand, row.base)));
  const metrics = rows.map((row): ComparedMetric => {
    const place = gating.indexOf(row);
    const chance = {
      worse: worse[place] ?? rankSumProbability(row.base, row.cand),
      better: better[place] ?? rankSumProbability(row.cand, row.base),
    };
    const drawn = bootstrapInterval(
      [row.base.length, row.cand.length],
      ([b, c]) => medianShift(taken(row.base, b), taken(row.cand, c)),
      { seed, resamples },
    );
    const ratio = Math.exp(medianShift(row.base, row.cand));
    const interval = { low: Math.exp(drawn.low), high: Math.exp(drawn.high) };
    const { unit, effectMin, offset } = metricKinds[row.kind];
    const middle = (logs: readonly number[]): number | null =>
      logs.length === 0 ? null : Math.exp(medianOf(logs)) - offset;
    return {
      name: row.name,
      unit,
      isDeciding: row.isGating,
      baseline: middle(row.base),
      candidate: middle(row.cand),
      ...(Number.isNaN(ratio)
        ? { ratio: null, verdict: "inconclusive" as const }
        : {
            ratio,
            interval,
            probability: Math.min(chance.worse, chance.better),
            verdict: verdictOf({ ratio, interval, effectMin, chance }),
          }),
    };
  });
  const verdicts = metrics.flatMap(({ verdict }, index) => (rows[index]?.isGating ? (verdict ?? []) : []));
  return { verdict: overall(verdicts), metrics, notes: [] };
};

const taken = (values: readonly number[], draw: Int32Array | undefined): readonly number[] =>
  [...(draw ?? [])].map((index) => values[index] ?? Number.NaN);

const verdictOf = (found: {
  readonly ratio: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly effectMin: number;
  readonly chance: { readonly worse: number; readonly better: number };
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
    return kindsOf(group.operation).map((kind) => singleMetric(kind, group, like, seed));
  });
  const verdicts = compared.flatMap(({ verdict }) => verdict ?? []);
  return {
    verdict: verdicts.every((one) => one === "no change") ? overall(verdicts) : "inconclusive",
    metrics: compared,
    notes: compared.flatMap(({ name, interval }) =>
      interval !== undefined && (interval.low > 1 || interval.high < 1)
        ? [
            `Warning: ${name} is between ${interval.low.toFixed(2)} and ${interval.high.toFixed(2)} times the baseline's.`,
          ]
        : [],
    ),
  };
};

const kindsOf = (operation: RequestKind | "any"): readonly RequestMetric[] =>
  operation === "any" ? ["bad share"] : ["p50", "p99"];

const singleMetric = (
  kind: RequestMetric,
  baseline: Group,
  candidate: Group,
  seed: number,
): ComparedMetric => {
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
  if (base === null || cand === null) return { ...shown, ratio: null, verdict: "inconclusive" };
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
  return {
    ...shown,
    ratio: Math.exp(logRatio(kind, base, cand)),
    interval,
    verdict: isSame ? "no change" : "inconclusive",
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
