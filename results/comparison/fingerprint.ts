/**
 * Whether two stored runs may be compared at all: the same question asked on the same machine in a like state. A
 * figure of one machine says nothing about a build that ran on another, however good the statistics.
 */
import { generatorFigures } from "../../checkers/generator-fitness.ts";
import type { History } from "../../checkers/history/history.ts";
import type { RunRecord } from "../run-record.ts";
import { percent } from "../units.ts";

export type StoredRun = { readonly record: RunRecord; readonly history: History };

/** The machine's own noise may differ by so much, and the share of it that others took. */
const noiseRatioMax = 1.5;
const foreignDifferenceMax = 0.25;

/** What keeps the two from being compared, a sentence each; none when nothing does. */
export const differencesOf = (baseline: StoredRun, candidate: StoredRun): readonly string[] => [
  ...named("processor", baseline, candidate, ({ machine }) => machine.cpuModel),
  ...named("number of processors", baseline, candidate, ({ machine }) => String(machine.coreCount)),
  ...named("kernel", baseline, candidate, ({ machine }) => machine.kernel),
  ...named("Node", baseline, candidate, ({ versions }) => versions["node"] ?? "unknown"),
  ...asked(baseline.record, candidate.record),
  ...noise(baseline.history, candidate.history),
  ...foreign(baseline.history, candidate.history),
];

const named = (
  what: string,
  baseline: StoredRun,
  candidate: StoredRun,
  of: (environment: RunRecord["environment"]) => string,
): readonly string[] => {
  const [one, other] = [of(baseline.record.environment), of(candidate.record.environment)];
  return one === other ? [] : [`The ${what} differs: ${one} and ${other}.`];
};

const asked = (baseline: RunRecord, candidate: RunRecord): readonly string[] => {
  const facts: readonly (readonly [string, (record: RunRecord) => string])[] = [
    ["workload", ({ workload }) => workload],
    ["promises", ({ promises }) => JSON.stringify(promises)],
    ["phases", ({ phases }) => phases.map(({ name, from, until }) => `${name} ${from}-${until}`).join(", ")],
    ["rate", ({ environment: { plan } }) => rateOf(plan)],
  ];
  return facts.flatMap(([what, of]) =>
    of(baseline) === of(candidate) ? [] : [`The plans differ in their ${what}.`],
  );
};

const rateOf = (plan: unknown): string => {
  const options = typeof plan === "object" && plan !== null && "options" in plan ? plan.options : undefined;
  return typeof options === "object" && options !== null && "rate" in options ? String(options.rate) : "";
};

const noise = (baseline: History, candidate: History): readonly string[] => {
  const [one, other] = [baseline.run?.noiseFloor?.p50Ms, candidate.run?.noiseFloor?.p50Ms];
  if (one === undefined || other === undefined) return [];
  const ratio = Math.max(one, other) / Math.max(0.001, Math.min(one, other));
  return ratio > noiseRatioMax
    ? [
        `A server that does nothing answered in ${one.toFixed(2)} ms then and in ${other.toFixed(2)} ms later.`,
      ]
    : [];
};

const foreign = (baseline: History, candidate: History): readonly string[] => {
  const [one, other] = [baseline, candidate].map(
    (history) => generatorFigures(history, ({ kind }) => kind === "steady").foreignShare,
  );
  if (one === undefined || other === undefined) return [];
  return Math.abs(one - other) > foreignDifferenceMax
    ? [`Other programs took ${percent(one)} and ${percent(other)} of the processors.`]
    : [];
};
