/**
 * `tipcart simulate`: random runs of the server in its simulated world, many of them, each a function of its seed.
 * A run that loses a write, invents one or does not converge is told with its seed, which replays it.
 *
 * One process does one run at a time. For more processors start it several times with other seeds.
 */
import { longShape, type RunShape, randomRun, usualShape } from "../../server/simulation/random-run.ts";
import { exitCodes } from "../outcome.ts";

export type SimulateFlags = {
  readonly runs: string;
  readonly firstSeed: string;
  readonly shape: string;
  readonly json?: boolean;
};

type Failure = { readonly seed: number; readonly faults: readonly string[] };

export const shapes: ReadonlyMap<string, RunShape> = new Map([
  ["long", longShape],
  ["short", usualShape],
]);

const seedMax = 2 ** 31 - 1;
const runsPerProgress = 100;

export async function simulateCommand(flags: SimulateFlags): Promise<number> {
  const [runs, first] = [Number(flags.runs), Number(flags.firstSeed)];
  const shape = shapes.get(flags.shape);
  if (!(Number.isInteger(runs) && runs > 0))
    return complain(`--runs is "${flags.runs}"; it must be a whole number.`);
  if (!(Number.isInteger(first) && first >= 0 && first + runs <= seedMax))
    return complain(`--first-seed is "${flags.firstSeed}"; seeds are whole numbers up to ${seedMax}.`);
  if (shape === undefined)
    return complain(`--shape is "${flags.shape}"; there are ${[...shapes.keys()].join(", ")}.`);

  const startMs = performance.now();
  const failures: Failure[] = [];
  let acknowledgedCount = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    const report = await outcomeOf(seed, shape);
    acknowledgedCount += report.acknowledgedCount;
    if (report.faults.length > 0) {
      failures.push({ seed, faults: report.faults });
      say(`seed ${seed}: ${report.faults.join("; ")}`);
      say(`  replay: tipcart simulate --runs 1 --first-seed ${seed} --shape ${flags.shape}`);
    }
    const done = seed - first + 1;
    if (done % runsPerProgress === 0) say(`${done} of ${runs} runs, ${failures.length} with faults.`);
  }
  const seconds = (performance.now() - startMs) / 1000;
  const result = { runs, firstSeed: first, shape: flags.shape, acknowledgedCount, seconds, failures };
  process.stdout.write(`${flags.json === true ? JSON.stringify(result) : sentence(result)}\n`);
  return failures.length === 0 ? exitCodes.passed.code : exitCodes.violated.code;
}

/** A run that does not settle, or breaks an assertion, has that as its fault. */
async function outcomeOf(
  seed: number,
  shape: RunShape,
): Promise<{ readonly faults: readonly string[]; readonly acknowledgedCount: number }> {
  try {
    return await randomRun(seed, shape);
  } catch (problem) {
    return { faults: [problem instanceof Error ? problem.message : String(problem)], acknowledgedCount: 0 };
  }
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
