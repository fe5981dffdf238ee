/**
 * Whether a mutant is caught in the simulated world: seed after seed of its plan, until a property that claims it is
 * broken. The same seeds are then run with the real server, which must keep what the mutant broke: a plan that asks
 * for more than the server promises catches nothing.
 */

import type { SimulatedPlan } from "../simulation/simulated-plan.ts";
import { type SimulatedTry, simulate } from "../simulation/simulation-task.ts";
import { buildMutant, type Detection, type Mutant, mutantBundle } from "./mutant.ts";

/** Of the real server, from the seed that caught on. */
const twinRuns = 3;

/** Without end a mutant may keep a world busy for ever. */
const timeLimitMs = 240_000;

export async function detectSimulated(
  mutant: Mutant & { readonly plan: SimulatedPlan },
  { firstSeed, triesMax }: { readonly firstSeed: number; readonly triesMax: number },
): Promise<Detection> {
  const { id, name, plan, caughtBy: catchers } = mutant;
  const before = performance.now();
  const tries: SimulatedTry[] = [];
  const ended = (isCaught: boolean, said: string): Detection => {
    const last = tries.at(-1);
    return {
      world: "simulated",
      id,
      name,
      isCaught,
      caughtBy: isCaught ? (last?.violated ?? []).filter((property) => catchers.includes(property)) : [],
      runs: tries.length,
      seconds: Math.round((performance.now() - before) / 100) / 10,
      seed: last?.seed,
      smallest: isCaught ? last?.smallest : undefined,
      said,
    };
  };

  const built = await buildMutant(mutant, "simulated");
  if (built.type === "refused") return ended(false, built.reason);
  const task = { plan, firstSeed, count: triesMax, catchers };
  const program = mutantBundle(mutant, "simulated");
  const broken = await simulate(task, { program, timeLimitMs, onRun: (run) => tries.push(run) });
  const last = tries.at(-1);
  if (last?.violated.some((property) => catchers.includes(property)) !== true)
    return ended(false, broken ?? unseen(mutant, tries));

  const twin: SimulatedTry[] = [];
  const twinTask = { plan, firstSeed: last.seed, count: twinRuns, catchers: [] };
  const problem = await simulate(twinTask, { timeLimitMs, onRun: (run) => twin.push(run) });
  const falsely = twin.flatMap(({ violated }) => violated).filter((property) => catchers.includes(property));
  if (problem !== undefined) return ended(false, `The real server's run broke off: ${problem}`);
  if (falsely.length > 0) return ended(false, `The real server breaks ${falsely.join(", ")} as well.`);
  return ended(true, last.said);
}

/** Of a control: every seed must pass. */
export async function controlSimulated(
  control: Mutant & { readonly plan: SimulatedPlan },
  { firstSeed, triesMax }: { readonly firstSeed: number; readonly triesMax: number },
): Promise<Detection> {
  const { id, name, plan } = control;
  const before = performance.now();
  const tries: SimulatedTry[] = [];
  const built = await buildMutant(control, "simulated");
  const task = { plan, firstSeed, count: triesMax, catchers: [] };
  const options = { program: mutantBundle(control, "simulated"), timeLimitMs };
  const broken =
    built.type === "refused"
      ? built.reason
      : await simulate(task, { ...options, onRun: (run) => tries.push(run) });
  const bad = tries.find(({ verdict }) => verdict !== "passed");
  return {
    world: "simulated",
    id,
    name,
    isCaught: bad !== undefined || broken !== undefined,
    caughtBy: bad?.violated ?? [],
    runs: tries.length,
    seconds: Math.round((performance.now() - before) / 100) / 10,
    seed: bad?.seed ?? firstSeed,
    smallest: undefined,
    said: broken ?? (bad === undefined ? "green" : sightOf(bad)),
  };
}

const unseen = ({ doubt }: Mutant, tries: readonly SimulatedTry[]): string =>
  [`Seen: ${[...new Set(tries.map(sightOf))].join("; ")}.`, doubt]
    .filter((part) => part !== undefined)
    .join(" ");

const sightOf = ({ verdict, violated, said }: SimulatedTry): string =>
  verdict === "passed" ? "passed" : `${verdict} ${violated.join(", ")} ${said}`.replace(/ +/g, " ").trim();
