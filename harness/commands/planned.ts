/** From the words of `run` and `plan` to the plan they ask for: flags, a plan file, or both. */
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { catalog } from "../../workloads/catalog.ts";
import { defaultBudget } from "../budget.ts";
import { machineAbilities } from "../cluster/machine-abilities.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { type PlanFile, parsePlanFile } from "../plan-file.ts";
import { type Plan, type PlanOptions, planOf } from "../test-plan.ts";
import { declareRunFlags, optionsOf, type RunFlags } from "./run-options.ts";

/** The plan, or the first thing that is wrong with the words. Without a seed, one is drawn. */
export function plannedFrom(workload: string | undefined, flags: RunFlags): Plan | Refusal {
  if (flags.plan === undefined) return planOfOptions(namedOptions(workload ?? "shopping-cart", flags));
  const file = readPlanFile(flags.plan);
  if ("type" in file) return file;
  const fileFlags = flagsOfWords(wordsOf(file.flags));
  if ("type" in fileFlags) return refuse("usage", `${flags.plan}: flags is wrong: ${fileFlags.sentence}`);
  const name = workload ?? file.workload ?? "shopping-cart";
  const options = namedOptions(name, { ...fileFlags, ...flags });
  return planOfOptions(
    "type" in options ? options : { ...options, schedule: scheduleOf(file, options, flags.plan) },
  );
}

const planOfOptions = (options: PlanOptions | Refusal): Plan | Refusal =>
  "type" in options ? options : planOf(onThisMachine(options));

/** A swarm draws what can be done here. */
function onThisMachine(options: PlanOptions): PlanOptions {
  const { schedule, disk } = options;
  if (schedule?.type !== "swarm") return options;
  return { ...options, schedule: { ...schedule, abilities: machineAbilities(disk) } };
}

function namedOptions(workload: string, flags: RunFlags): PlanOptions | Refusal {
  if (catalog.has(workload)) return optionsOf(workload, flags, randomInt(2 ** 31));
  return refuse("usage", `No workload is called "${workload}"; known are ${[...catalog.keys()].join(", ")}.`);
}

function readPlanFile(path: string): PlanFile | Refusal {
  try {
    return parsePlanFile(readFileSync(path, "utf8"), path);
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    return refuse("usage", `--plan: ${path} cannot be read: ${why}.`);
  }
}

function scheduleOf(
  { acts, budget }: PlanFile,
  options: PlanOptions,
  path: string,
): NonNullable<PlanOptions["schedule"]> {
  switch (acts.type) {
    case "swarm":
      return { type: "swarm", lengthMs: acts.lengthMs, budget, path };
    case "faults": {
      const { faults, calm, lengthMs } = acts;
      const schedule = { faults, calm, lengthMs, budget: { ...defaultBudget(options), ...budget } };
      return { type: "file", path, schedule };
    }
  }
}

/** Flags without their dashes; true for one that takes no value. */
export const wordsOf = (flags: Readonly<Record<string, string | number | true>>): readonly string[] =>
  Object.entries(flags).map(([flag, value]) => (value === true ? `--${flag}` : `--${flag}=${value}`));

/** As the command line of `tipcart run` reads them, with its sentence for what is no flag. */
export function flagsOfWords(words: readonly string[]): RunFlags | Refusal {
  const command = declareRunFlags(new Command("run"))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  try {
    return command.parse([...words], { from: "user" }).opts<RunFlags>();
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const message = thrown.message.replace(/^error: /, "").replace(/\s+/g, " ");
    return refuse("usage", `${message.replace(/\.$/, "")}.`);
  }
}
