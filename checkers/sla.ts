/**
 * P20, in time: were requests answered as fast as the objectives and service levels of the run ask? Figures and row
 * verdicts are those of `service-level` and `objectives/evaluation`; here the rows that count decide.
 *
 * The verdict is about the store, so the generator judges itself first (see `generator-fitness`). When it cannot be
 * believed, a breach that is gone once requests are measured from their real sending is the generator's, and one on
 * a machine that starved the run is nobody's: the verdict is then inconclusive, with the reason and with the row's
 * verdict measured both ways. A lagging generator only makes requests look slower, so what is met stays met.
 */
import { checkerOf } from "./checker.ts";
import { counted } from "./finding.ts";
import { type GeneratorFigures, generatorDoubts, generatorFigures } from "./generator-fitness.ts";
import type { History } from "./history/history.ts";
import { slaRows } from "./objectives/evaluation.ts";
import { slaOf } from "./objectives/of-run.ts";
import { type ServiceRow, type ServiceVerdict, serviceRows, usualObjective } from "./service-level.ts";
import type { Measure } from "./service-tally.ts";
import { type Anomaly, anomalyLimit, type Verdict, type VerdictType } from "./verdict.ts";

const name = "sla";
const properties = ["P20"] as const;

export const sla = checkerOf({
  name,
  properties,
  check: (history): Verdict => {
    const { expressions, mistakes } = slaOf(history);
    const rows = serviceRows(history);
    const measured: Measured = { history, expressions };
    const claims = claimsOf(measured, "response", rows);
    const doubts = doubtsOf(measured, claims);
    const excused = doubts.length === 0 ? [] : excusedClaims(measured, claims);
    const breached = claims.filter((one) => one.verdict === "breached" && !excused.includes(one));
    const undecided = claims.filter((one) => one.verdict === "inconclusive" || excused.includes(one));
    const isMeasured = rows.length > 0 && mistakes.length === 0;
    const type = typeOf({ breached, undecided, isMeasured });
    const telling = breached.length > 0 ? breached : undecided.length > 0 ? undecided : claims;
    const summary = [
      ...mistakes,
      summaryOf(telling, rows.length),
      ...(type === "passed" ? [] : doubtSentences(measured, doubts, excused, claims)),
    ].join(" ");
    return {
      checker: name,
      properties,
      type,
      summary,
      anomalies: breached.slice(0, anomalyLimit).map(anomalyOf),
      anomalyCount: breached.length,
      metrics: { ...metricsOf(rows), ...claimMetrics(claims) },
      violations: { P20: breached.length },
    };
  },
});

type Measured = { readonly history: History; readonly expressions: ReturnType<typeof slaOf>["expressions"] };

/** A row that counts: a hard objective, or a service level in one of its windows. */
type Claim = {
  readonly label: string;
  readonly verdict: ServiceVerdict;
  /** Without a full stop. */
  readonly sentence: string;
  readonly story: readonly string[];
  readonly limitMs: number | undefined;
};

const claimsOf = (
  { history, expressions }: Measured,
  measure: Measure,
  rows: readonly ServiceRow[],
): readonly Claim[] => [
  ...rows.filter(({ hard }) => hard).map(claimOfRow),
  ...slaRows(history, expressions, measure).map(({ text, where, verdict, observed, badCount }): Claim => {
    const expression = expressions.find((one) => one.text === text);
    return {
      label: `${text} in ${where}`,
      verdict,
      sentence: `${text} in ${where}: ${verdict}, ${observed}`,
      story: badCount === 0 ? [] : [`${badCount} requests were bad.`],
      limitMs: expression?.type === "latency" ? expression.limitMs : undefined,
    };
  }),
];

const typeOf = (claims: {
  readonly breached: readonly Claim[];
  readonly undecided: readonly Claim[];
  readonly isMeasured: boolean;
}): VerdictType => {
  if (claims.breached.length > 0) return "breached";
  return claims.undecided.length > 0 || !claims.isMeasured ? "inconclusive" : "passed";
};

const summaryOf = (telling: readonly Claim[], rowCount: number): string => {
  if (rowCount === 0) return "No request falls into a measured phase.";
  if (telling.length === 0) return "No objective is hard, so the figures are only measured.";
  return `${telling.map(({ sentence }) => sentence).join("; ")}.`;
};

const percent = (ratio: number): string => `${(100 * ratio).toFixed(3)} %`;

/** "p99.9 of get within 300 ms over the steady phases: proved, 2 of 12,431 bad (0.016 %, at most 0.051 %)" */
const claimOfRow = (row: ServiceRow): Claim => {
  const count = row.requestCount + row.droppedCount;
  const bad = Math.round(row.badRatio * count);
  const label =
    `p${(row.quantile * 100).toFixed(3).replace(/\.?0+$/, "")} of ${row.operation} within ${row.limitMs} ms ` +
    `over the ${row.kind} phases`;
  return {
    label,
    verdict: row.verdict,
    sentence:
      `${label}: ${row.verdict}, ${counted(bad)} of ${counted(count)} bad (${percent(row.badRatio)}, ` +
      `between ${percent(row.badRatioLow)} and ${percent(row.badRatioHigh)}, each bound with 95 % confidence)`,
    story: [
      `${row.slowCount} were late, ${row.failCount} failed, ${row.infoCount} ended unknown, ${row.droppedCount} were dropped.`,
      `The error budget of these phases was spent ${row.budgetSpent.toFixed(1)} times.`,
    ],
    limitMs: row.limitMs,
  };
};

const anomalyOf = ({ sentence, story }: Claim): Anomaly => ({
  type: "objective-missed",
  sentence: `${sentence}.`,
  story,
  requests: [],
  writes: [],
});

const doubtsOf = ({ history }: Measured, claims: readonly Claim[]): readonly string[] => {
  if (claims.length === 0) return [];
  const limits = claims.flatMap(({ limitMs }) => (limitMs === undefined ? [] : [limitMs]));
  return generatorDoubts(
    figuresOf(history),
    limits.length === 0 ? usualObjective.limitMs : Math.min(...limits),
  );
};

const figuresOf = (history: History): GeneratorFigures =>
  generatorFigures(history, ({ kind }) => kind === "steady" || kind === "fault" || kind === "recovery");

/** How each claim comes out when requests count from their sending and none was dropped. */
const withoutLag = ({ history, expressions }: Measured): readonly Claim[] => {
  const lagless = { ...history, load: [] };
  return claimsOf({ history: lagless, expressions }, "service", serviceRows(lagless, "service"));
};

/** Claims that are breached only by the generator's own doing, or all that are when the machine starved the run. */
const excusedClaims = (measured: Measured, claims: readonly Claim[]): readonly Claim[] => {
  const breached = claims.filter(({ verdict }) => verdict === "breached");
  if (breached.length === 0 || isStarved(measured.history)) return breached;
  const lagless = withoutLag(measured);
  return breached.filter((claim) =>
    lagless.some(({ label, verdict }) => label === claim.label && verdict !== "breached"),
  );
};

/** Whether the machine, not the generator alone, is in doubt. */
const isStarved = (history: History): boolean =>
  generatorDoubts(
    { ...figuresOf(history), lagMicrosP999: 0, stallMicros: 0, gcMicros: 0, droppedCount: 0 },
    1,
  ).length > 0;

/** The doubts, and the verdict of what they excuse both with the generator's lag and without it. */
const doubtSentences = (
  measured: Measured,
  doubts: readonly string[],
  excused: readonly Claim[],
  claims: readonly Claim[],
): readonly string[] => {
  if (doubts.length === 0) return [];
  const about = excused.length > 0 ? excused : claims.filter(({ verdict }) => verdict === "breached");
  const lagless = about.length === 0 ? [] : withoutLag(measured);
  const both = about.map(({ label, verdict }) => {
    const other = lagless.find((one) => one.label === label)?.verdict ?? "inconclusive";
    return `${label} is ${verdict} with the generator's lag and ${other} without it`;
  });
  return [
    `The load generator cannot be believed: ${doubts.join("; ")}.`,
    ...(both.length === 0 ? [] : [`${both.join("; ")}.`]),
  ];
};

const claimMetrics = (claims: readonly Claim[]): Record<string, string> =>
  Object.fromEntries(claims.map(({ label, verdict }) => [label, verdict]));

const metricsOf = (rows: readonly ServiceRow[]): Record<string, number | string> => {
  const metrics: Record<string, number | string> = {};
  for (const row of rows.filter(({ phase }) => phase === null)) {
    const label = `${row.kind} ${row.operation}`;
    metrics[`${label} verdict`] = row.verdict;
    metrics[`${label} bad ratio`] = row.badRatio;
    if (row.latencyMs.p999 !== null) metrics[`${label} p99.9 ms`] = row.latencyMs.p999;
  }
  return metrics;
};
