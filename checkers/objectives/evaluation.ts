/**
 * Service levels judged: each expression becomes rows, one a window that it speaks of, each with its own verdict.
 *
 * Latency, success and budget come down to one question, how large the rate of bad requests is, and are answered with
 * the same counting and the same bounds as every other row (see `service-level`). Recovery is one number a fault and
 * has no bounds: it is met or breached, or inconclusive when the fault was not watched for long enough.
 */
import { counted } from "../finding.ts";
import type { Phase } from "../history/event.ts";
import type { Fault } from "../history/faults.ts";
import {
  allowedBy,
  boundsOf,
  figuresOf,
  type LatencyFigures,
  type ServiceVerdict,
  usualObjective,
  verdictOf,
} from "../service-level.ts";
import { type Measure, phaseTallies, type ServiceEvidence, Tally, type Target } from "../service-tally.ts";
import type { SlaExpression, SlaPhase } from "./expression.ts";
import { goodSeconds, recoveryOf } from "./recovery.ts";

export type SlaEvidence = ServiceEvidence & { readonly faults: readonly Fault[] };

export type SlaRow = {
  /** The expression as it was given. */
  readonly text: string;
  /** "the steady phases", "1 kill". */
  readonly where: string;
  readonly verdict: ServiceVerdict;
  /** The figure that decided, in words: "2 of 12,431 bad (0.016 %, at most 0.051 %)". */
  readonly observed: string;
  readonly requestCount: number;
  readonly badCount: number;
  /** Of the acknowledged requests that were counted; recovery has none. */
  readonly latencyMs?: LatencyFigures;
};

/** In the order of the expressions; an expression that speaks of no window of the run has one inconclusive row. */
export const slaRows = (
  evidence: SlaEvidence,
  expressions: readonly SlaExpression[],
  measure: Measure = "response",
): readonly SlaRow[] =>
  expressions.flatMap((expression) => {
    const rows = windowsOf(evidence, expression).map((window) =>
      expression.type === "recovery"
        ? recoveryRow(evidence, expression, window, measure)
        : rateRow(evidence, expression, window, measure),
    );
    return rows.length > 0 ? rows : [unmeasured(expression, "no window of this run", "nothing was measured")];
  });

/** What must hold by itself: all steady phases together, or one fault or recovery window. */
type Window = { readonly where: string; readonly kind: SlaPhase; readonly phases: readonly Phase[] };

const windowsOf = (evidence: SlaEvidence, { type, scope }: SlaExpression): readonly Window[] => {
  const usual: readonly SlaPhase[] = type === "recovery" || scope.faults.length > 0 ? ["fault"] : ["steady"];
  const kinds = type === "recovery" || scope.phases.length === 0 ? usual : scope.phases;
  return kinds.flatMap((kind): readonly Window[] => {
    const phases = evidence.phases.filter(
      (phase) => phase.kind === kind && (kind === "steady" || isOfFaults(evidence, phase, scope.faults)),
    );
    if (phases.length === 0) return [];
    if (kind === "steady") return [{ where: "the steady phases", kind, phases }];
    return phases.map((phase) => ({ where: phase.name, kind, phases: [phase] }));
  });
};

/** Whether a fault of one of these kinds began in the phase's window, or the phase is the recovery from such a window. */
const isOfFaults = ({ phases, faults }: SlaEvidence, phase: Phase, kinds: readonly string[]): boolean => {
  if (kinds.length === 0) return true;
  const window = phases.find((one) => one.kind === "fault" && one.fault === phase.fault);
  return faults.some(
    ({ id, kind, beganAt }) =>
      kinds.includes(kind) &&
      (id === phase.fault || (window !== undefined && beganAt >= window.from && beganAt < window.until)),
  );
};

type RateExpression = Exclude<SlaExpression, { readonly type: "recovery" }>;

const rateRow = (
  evidence: SlaEvidence,
  expression: RateExpression,
  window: Window,
  measure: Measure,
): SlaRow => {
  const { target, allowed } = questionOf(evidence, expression, window);
  const tally = tallyOf(evidence, target, measure);
  const count = tally.requests + tally.dropped;
  if (count === 0) return unmeasured(expression, window.where, "no request fell into it");
  const { bad, blocks } = tally;
  const bounds = boundsOf({ bad, count, blocks, seed: evidence.run?.seed ?? 0 });
  const { ratio, low, high } = bounds;
  const shown = (rate: number): string =>
    expression.type === "budget" ? `${((rate / allowed) * expression.times).toFixed(2)}x` : percent(rate);
  const between = `${shown(ratio)}, between ${shown(low)} and ${shown(high)}, each bound with 95 % confidence`;
  return {
    text: expression.text,
    where: window.where,
    verdict: verdictOf({ ...bounds, allowed }),
    observed: `${counted(bad)} of ${counted(count)} bad (${between})`,
    requestCount: count,
    badCount: bad,
    latencyMs: figuresOf(tally.latencies),
  };
};

/** What is counted as bad, and how much of it may be. */
const questionOf = (
  evidence: SlaEvidence,
  expression: RateExpression,
  window: Window,
): { readonly target: Target; readonly allowed: number } => {
  const { operation, scope } = expression;
  const objective = budgetOf(evidence);
  const place = {
    operation,
    phase: window.kind,
    hard: true,
    among: (phase: Phase): boolean => window.phases.includes(phase),
    ...(scope.nodes.length === 0 ? {} : { entries: scope.nodes }),
  };
  switch (expression.type) {
    case "latency": {
      const { share, limitMs } = expression;
      return { target: { ...place, quantile: share, limitMs }, allowed: allowedBy(share) };
    }
    case "ok":
      return {
        target: { ...place, quantile: expression.share, limitMs: Infinity },
        allowed: allowedBy(expression.share),
      };
    case "budget":
      return {
        target: { ...place, ...objective },
        allowed: Math.min(1, expression.times * allowedBy(objective.quantile)),
      };
  }
};

/** What the error budget is reckoned by: the strictest quantile and limit of the run's objectives. */
const budgetOf = ({ run }: SlaEvidence): { readonly quantile: number; readonly limitMs: number } => {
  const objectives = run?.objectives ?? [];
  if (objectives.length === 0) return usualObjective;
  return {
    quantile: Math.max(...objectives.map(({ quantile }) => quantile)),
    limitMs: Math.min(...objectives.map(({ limitMs }) => limitMs)),
  };
};

const tallyOf = (evidence: ServiceEvidence, target: Target, measure: Measure): Tally => {
  const whole = new Tally();
  for (const { tally } of phaseTallies(evidence, [target], measure)) whole.include(tally);
  return whole;
};

const recoveryRow = (
  evidence: SlaEvidence,
  expression: SlaExpression & { readonly type: "recovery" },
  window: Window,
  measure: Measure,
): SlaRow => {
  const [during] = window.phases;
  const fault = evidence.faults.findLast(
    ({ beganAt }) => during !== undefined && beganAt >= during.from && beganAt < during.until,
  );
  if (during === undefined || fault?.healedAt === undefined)
    return unmeasured(expression, window.where, "its fault was not seen to be healed");
  const after = evidence.phases.find((phase) => phase.kind === "recovery" && phase.fault === during.fault);
  const objective = budgetOf(evidence);
  const entries = expression.scope.nodes.length === 0 ? {} : { entries: expression.scope.nodes };
  const target = { operation: "any", hard: true, ...objective, ...entries } as const;
  const tallies = [during, ...(after === undefined ? [] : [after])].map((phase) =>
    tallyOf(evidence, { ...target, phase: phase.kind, among: (one) => one === phase }, measure),
  );
  const { healedAt } = fault;
  const blocks = tallies.flatMap((tally) => tally.blocks);
  const recovery = recoveryOf({
    blocks,
    from: during.from,
    healedAt,
    allowed: allowedBy(objective.quantile),
  });
  const counts = {
    requestCount: tallies.reduce((sum, { requests, dropped }) => sum + requests + dropped, 0),
    badCount: tallies.reduce((sum, { bad }) => sum + bad, 0),
  };
  const row = { text: expression.text, where: window.where, ...counts };
  if (recovery.type === "recovered") {
    const verdict = recovery.afterMs <= expression.limitMs ? "met" : "breached";
    return { ...row, verdict, observed: `recovered ${seconds(recovery.afterMs)} after the heal` };
  }
  const isLongEnough = recovery.watchedMs >= expression.limitMs + goodSeconds * 1000;
  return {
    ...row,
    verdict: isLongEnough ? "breached" : "inconclusive",
    observed: `no ${goodSeconds} good seconds in a row in the ${seconds(recovery.watchedMs)} that it was watched after the heal`,
  };
};

const unmeasured = ({ text }: SlaExpression, where: string, why: string): SlaRow => ({
  text,
  where,
  verdict: "inconclusive",
  observed: why,
  requestCount: 0,
  badCount: 0,
});

const percent = (ratio: number): string => `${(100 * ratio).toFixed(3)} %`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
