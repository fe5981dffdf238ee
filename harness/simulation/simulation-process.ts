/**
 * Simulated runs, one after another, in a process of their own: so that a server with a bug in it can be bundled into
 * one, and so that a world that never ends can be ended from outside. The task is the first argument, as JSON; each
 * run is a line of JSON on standard output.
 */
import { cleanPlan } from "./clean-plan.ts";
import { type JudgedRun, runAndJudge } from "./judged-run.ts";
import type { SimulationTask } from "./simulation-task.ts";

const isCatch = ({ violated }: JudgedRun, properties: readonly string[]): boolean =>
  violated.some((property) => properties.includes(property));

async function perform({ plan, firstSeed, count, catchers }: SimulationTask): Promise<void> {
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const chosen = plan ?? cleanPlan(seed);
    const { run, smallest } = await runAndJudge(chosen, seed, catchers);
    const isCaught = isCatch(run, catchers);
    const part = smallest && { requestCount: smallest.requestCount, events: smallest.events };
    process.stdout.write(`${JSON.stringify({ ...run, smallest: part })}\n`);
    if (isCaught) return;
  }
}

const [task = "{}"] = process.argv.slice(2);
await perform(JSON.parse(task));
