/**
 * One simulated run of the server, told in what fits into a message: its seed, and one sentence for each thing that
 * was wrong with it. Runs come in shapes: those of the server's own room are held against what really happened, those
 * that are judged against every checker that judges real ones.
 */
import { longShape, type RunShape, randomRun, usualShape } from "../../server/simulation/random-run.ts";
import { cleanPlan } from "../simulation/clean-plan.ts";
import { judgedRun } from "../simulation/judged-run.ts";

export type SeedReport = {
  readonly seed: number;
  /** None in a good run. */
  readonly faults: readonly string[];
  readonly acknowledgedCount: number;
};

/** Carries out the run of a seed; may reject. */
export type SeedRun = (seed: number) => Promise<Pick<SeedReport, "faults" | "acknowledgedCount">>;

/** Fewer acknowledged requests of a judged run would prove nothing. */
const acknowledgedMin = 50;

const random =
  (shape: RunShape): SeedRun =>
  (seed) =>
    randomRun(seed, shape);

const judged: SeedRun = async (seed) => {
  const { verdict, said, acknowledgedCount } = await judgedRun(cleanPlan(seed), seed);
  const faults = verdict === "passed" ? [] : [`${verdict}: ${said}`];
  if (acknowledgedCount <= acknowledgedMin)
    faults.push(`only ${acknowledgedCount} requests were acknowledged`);
  return { faults, acknowledgedCount };
};

/** `long` takes about a minute of virtual time, the others a few seconds. */
export const shapes: ReadonlyMap<string, SeedRun> = new Map([
  ["long", random(longShape)],
  ["short", random(usualShape)],
  ["judged", judged],
]);

/** Never rejects: a run that does not settle, or breaks an assertion, has that as its fault. */
export async function reportOf(seed: number, run: SeedRun): Promise<SeedReport> {
  try {
    const { faults, acknowledgedCount } = await run(seed);
    return { seed, faults, acknowledgedCount };
  } catch (problem) {
    const fault = problem instanceof Error ? problem.message : String(problem);
    return { seed, faults: [fault], acknowledgedCount: 0 };
  }
}
