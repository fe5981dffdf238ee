/**
 * `tipcart simulate`: random runs of the server in its simulated world, many of them, each a function of its seed.
 * A run that loses a write, invents one or does not converge, or that a checker finds fault with where runs are judged,
 * is told with its seed, which replays it.
 *
 * Reports come in order of seed, whatever the number of jobs, so two commands over the same seeds say the same.
 */

import { exitCodes } from "../outcome.ts";
import { type SeedReport, shapes } from "../simulate/seed-report.ts";
import { type SeedPlan, seedReports } from "../simulate/seed-runs.ts";

export type SimulateFlags = {
  readonly runs: string;
  readonly firstSeed: string;
  readonly shape: string;
  readonly jobs: string;
  readonly json?: boolean;
};

type Failure = Pick<SeedReport, "seed" | "faults">;

const seedMax = 2 ** 31 - 1;
const jobsMax = 64;
const runsPerProgress = 100;

export async function simulateCommand(flags: SimulateFlags): Promise<number> {
  const [runs, firstSeed, jobs] = [Number(flags.runs), Number(flags.firstSeed), Number(flags.jobs)];
  if (!(Number.isInteger(runs) && runs > 0))
    return complain(`--runs is "${flags.runs}"; it must be a whole number.`);
  if (!(Number.isInteger(firstSeed) && firstSeed >= 0 && firstSeed + runs <= seedMax))
    return complain(`--first-seed is "${flags.firstSeed}"; seeds are whole numbers up to ${seedMax}.`);
  if (!shapes.has(flags.shape))
    return complain(`--shape is "${flags.shape}"; there are ${[...shapes.keys()].join(", ")}.`);
  if (!(Number.isInteger(jobs) && jobs > 0 && jobs <= jobsMax))
    return complain(`--jobs is "${flags.jobs}"; it must be a whole number from 1 to ${jobsMax}.`);

  const plan = { runs, firstSeed, shape: flags.shape, jobs };
  const startMs = performance.now();
  const failures: Failure[] = [];
  let acknowledgedCount = 0;
  for await (const { seed, faults, acknowledgedCount: ownCount } of seedReports(plan)) {
    acknowledgedCount += ownCount;
    if (faults.length > 0) {
      failures.push({ seed, faults });
      sayFailure({ seed, faults }, plan);
    }
    sayProgress(seed - firstSeed + 1, failures.length, plan);
  }
  const seconds = (performance.now() - startMs) / 1000;
  const result = { ...plan, acknowledgedCount, seconds, failures };
  process.stdout.write(`${flags.json === true ? JSON.stringify(result) : sentence(result)}\n`);
  return failures.length === 0 ? exitCodes.passed.code : exitCodes.violated.code;
}

function sayFailure({ seed, faults }: Failure, { shape }: SeedPlan): void {
  say(`${lineStart()}seed ${seed}: ${faults.join("; ")}`);
  say(`  replay: tipcart simulate --runs 1 --first-seed ${seed} --shape ${shape}`);
}

/** One line that is written over, on a terminal; elsewhere a line now and then. */
function sayProgress(done: number, failureCount: number, { runs }: SeedPlan): void {
  const line = `${done} of ${runs} runs, ${failureCount} with faults.`;
  if (process.stderr.isTTY) process.stderr.write(`${lineStart()}${line}${done === runs ? "\n" : ""}`);
  else if (done % runsPerProgress === 0) say(line);
}

/** Clears the progress line where there is one. */
function lineStart(): string {
  return process.stderr.isTTY ? "\r\u001b[K" : "";
}

function sentence(result: {
  readonly runs: number;
  readonly firstSeed: number;
  readonly acknowledgedCount: number;
  readonly seconds: number;
  readonly failures: readonly Failure[];
}): string {
  const { runs, firstSeed, acknowledgedCount, seconds, failures } = result;
  const last = firstSeed + runs - 1;
  return (
    `Seeds ${firstSeed} to ${last}: ${runs} runs, ${failures.length} with faults, ` +
    `${acknowledgedCount} writes acknowledged, ${seconds.toFixed(1)} s.`
  );
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function complain(sentenceOfIt: string): number {
  say(`tipcart: ${sentenceOfIt}`);
  return exitCodes.usage.code;
}
