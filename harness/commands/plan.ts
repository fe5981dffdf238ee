/** `tipcart plan`: what a run with the same words would do, and nothing is started. */
import { exitCodes } from "../outcome.ts";
import { planText } from "../plan-text.ts";
import { announce } from "./announce.ts";
import { plannedFrom } from "./planned.ts";
import type { RunFlags } from "./run-options.ts";

/** Ends with 0, or 64 when no run would begin. `--json` prints the plan as a run would keep it. */
export function planCommand(workload: string | undefined, flags: RunFlags): number {
  const isJson = flags.json === true;
  const plan = plannedFrom(workload, flags);
  if ("type" in plan) return announce(plan, { isJson });
  process.stdout.write(isJson ? `${JSON.stringify(plan)}\n` : `${planText(plan)}\n`);
  return exitCodes.passed.code;
}
