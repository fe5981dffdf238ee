/**
 * A simulated run and what the checkers of its workload say of it: those that judge real runs, but for the one that
 * asks whether a run was long enough to prove anything. What is to be caught here is caught or not.
 */
import type { Checker } from "../../checkers/checker.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { judge } from "../../checkers/judge.ts";
import type { VerdictType } from "../../checkers/verdict.ts";
import { catalog } from "../../workloads/catalog.ts";
import type { SimulatedPlan } from "./simulated-plan.ts";
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

export async function judgedRun(plan: SimulatedPlan, seed: number): Promise<JudgedRun> {
  try {
    const history = historyOf(await simulatedRun(plan, seed));
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
  } catch (thrown) {
    const said = sentenceOf(thrown);
    return { seed, verdict: "failed", violated: [], said, requestCount: 0, acknowledgedCount: 0 };
  }
}

const checkersOf = ({ workload = "shopping-cart" }: SimulatedPlan): readonly Checker[] =>
  (catalog.get(workload)?.checkers ?? []).filter(({ properties }) => !properties.includes(asksForLength));

function sentenceOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? `${thrown.message}: ${thrown.cause.message}` : thrown.message;
}

/**
 * The fewest requests with which this plan and seed still break one of `properties`, found by halving the number of
 * arrivals, to an eighth.
 */
export async function fewestRequests(
  plan: SimulatedPlan,
  { seed, requestCount }: JudgedRun,
  properties: readonly string[],
): Promise<number> {
  let fewest = requestCount;
  let low = 0;
  for (let high = requestCount; high - low > Math.max(1, high / 8); ) {
    const arrivalsMax = Math.floor((low + high) / 2);
    const run = await judgedRun({ ...plan, arrivalsMax }, seed);
    if (run.violated.some((property) => properties.includes(property))) {
      fewest = Math.min(fewest, run.requestCount);
      high = Math.min(arrivalsMax, run.requestCount);
    } else {
      low = arrivalsMax;
    }
  }
  return fewest;
}
