/**
 * One simulated run of the server, told in what fits into a message: its seed, and one sentence for each thing that
 * was wrong with it.
 */
import { longShape, type RunShape, randomRun, usualShape } from "../../server/simulation/random-run.ts";

export type SeedReport = {
  readonly seed: number;
  /** None in a good run. */
  readonly faults: readonly string[];
  readonly acknowledgedCount: number;
};

export const shapes: ReadonlyMap<string, RunShape> = new Map([
  ["long", longShape],
  ["short", usualShape],
]);

/** Never rejects: a run that does not settle, or breaks an assertion, has that as its fault. */
export async function reportOf(seed: number, shape: RunShape): Promise<SeedReport> {
  try {
    const { faults, acknowledgedCount } = await randomRun(seed, shape);
    return { seed, faults, acknowledgedCount };
  } catch (problem) {
    const fault = problem instanceof Error ? problem.message : String(problem);
    return { seed, faults: [fault], acknowledgedCount: 0 };
  }
}
