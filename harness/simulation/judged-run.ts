/**
 * A simulated run and what the checkers of its workload say of it: those that judge real runs, but for the one that
 * asks whether a run was long enough to prove anything. What is to be caught here is caught or not.
 */
import { propertyNamed } from "../../checkers/anomalies/catalog.ts";
import type { Checker } from "../../checkers/checker.ts";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { judge } from "../../checkers/judge.ts";
import { type Smallest, smallestHistory } from "../../checkers/smallest-history.ts";
import type { VerdictType } from "../../checkers/verdict.ts";
import { type SimulatedPlan, workloadOf } from "./simulated-plan.ts";
import { simulatedRun } from "./simulated-run.ts";

export type JudgedRun = {
  readonly seed: number;
  /** `failed`: the world could not go on, and `said` tells why. */
  readonly verdict: VerdictType | "failed";
  /** Properties with a violation. */
  readonly violated: readonly string[];
  /** What the first checker said that found something wrong or could not tell. */
  readonly said: string;
  /** Requests sent under load, and those of them that were acknowledged. */
  readonly requestCount: number;
  readonly acknowledgedCount: number;
};

const asksForLength = "P24";

export const judgedRun = async (plan: SimulatedPlan, seed: number): Promise<JudgedRun> =>
  (await runAndJudge(plan, seed, [])).run;

/** The run, and the smallest part of its history that breaks one of `catchers`, should it break one. */
export async function runAndJudge(
  plan: SimulatedPlan,
  seed: number,
  catchers: readonly string[],
): Promise<{ readonly run: JudgedRun; readonly smallest?: Smallest }> {
  try {
    const events = await simulatedRun(plan, seed);
    const run = judgedEvents(plan, seed, events);
    if (!run.violated.some((property) => catchers.includes(property))) return { run };
    const smallest = smallestPart(plan, events, catchers);
    return smallest === undefined ? { run } : { run, smallest };
  } catch (thrown) {
    const said = sentenceOf(thrown);
    return { run: { seed, verdict: "failed", violated: [], said, requestCount: 0, acknowledgedCount: 0 } };
  }
}

/** What the checkers of the plan's workload say of a history that it made. */
export function judgedEvents(plan: SimulatedPlan, seed: number, events: readonly HistoryEvent[]): JudgedRun {
  const history = historyOf(events);
  const { type, verdicts } = judge(history, checkersOf(plan));
  const { requests } = history;
  const asked = Array.from({ length: requests.count }, (_, row) => row).filter(
    (row) => !requests.isFinal(row),
  );
  return {
    seed,
    verdict: type,
    violated: verdicts
      .filter((verdict) => verdict.type === "violated")
      .flatMap(({ violations }) => Object.keys(violations ?? {})),
    said: verdicts.find((verdict) => verdict.type === type && type !== "passed")?.summary ?? "",
    requestCount: asked.length,
    acknowledgedCount: asked.filter((row) => requests.outcome(row) === "ok").length,
  };
}

const checkersOf = (plan: SimulatedPlan): readonly Checker[] =>
  (workloadOf(plan)?.checkers ?? []).filter(({ properties }) => !properties.includes(asksForLength));

function sentenceOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message}: ${thrown.cause.message}` : thrown.message;
}

/** Sub-histories judged in the search for the smallest: a second or two. */
const checksMax = 300;

function smallestPart(
  plan: SimulatedPlan,
  events: readonly HistoryEvent[],
  properties: readonly string[],
): Smallest | undefined {
  const history = historyOf(events);
  for (const checker of checkersOf(plan).filter((one) =>
    one.properties.some((p) => properties.includes(p)),
  )) {
    const { violations = {}, anomalies } = checker.check(history);
    const broken = Object.keys(violations).filter((name) => properties.includes(name));
    const property = broken.map(propertyNamed).find((name) => name !== undefined);
    if (property === undefined) continue;
    const key = anomalies[0]?.key;
    return smallestHistory(events, { checker, property, checksMax, ...(key === undefined ? {} : { key }) });
  }
  return undefined;
}
