/** `tipcart check`: judges a stored run again, from its journal, and says what the run itself said. */
import { readFile } from "node:fs/promises";
import type { RunEnvironment } from "../../results/run-record.ts";
import { defaultRunsDirectory, openRunStore, type RunFolder, type RunStore } from "../../results/store.ts";
import { type Refusal, refuse } from "../outcome.ts";
import type { Finished } from "../run/carry-out.ts";
import { environmentOf } from "../run/environment.ts";
import { judgeRun, keepJudged } from "../run/judge-run.ts";
import { parsePlan } from "../test-plan.ts";
import { announce } from "./announce.ts";

export type CheckFlags = { readonly runs?: string; readonly json?: boolean };

/** `which`: "latest", a run's name, name/start, or the path of its folder. Ends with the run's exit code. */
export async function checkCommand(which: string, flags: CheckFlags): Promise<number> {
  const store = openRunStore(flags.runs ?? defaultRunsDirectory(process.cwd()));
  return announce(await checkRun(store, which), { isJson: flags.json === true });
}

async function checkRun(store: RunStore, which: string): Promise<Finished | Refusal> {
  const found = await store.find(which);
  if (found.type === "failed") return refuse("usage", found.reason);
  const folder = found.value;
  const environment = await environmentBefore(store, folder);
  if (environment.type === "refused") return environment;
  const judged = await judgeRun(folder, environment.environment);
  if (judged.type === "refused") return judged;
  const unkept = await keepJudged(store, folder, judged);
  if (unkept !== undefined) return refuse("internal", unkept);
  return { type: "finished", record: judged.record, folder };
}

/** Where the run happened, as it said itself; a run that was cut short left only its plan. */
async function environmentBefore(
  store: RunStore,
  folder: RunFolder,
): Promise<{ readonly type: "known"; readonly environment: RunEnvironment } | Refusal> {
  const verdict = await store.readVerdict(folder);
  if (verdict.type === "ok") return { type: "known", environment: verdict.value.environment };
  const plan = parsePlan(await readFile(folder.plan, "utf8"));
  if (plan === undefined) return refuse("usage", `${folder.plan} is no plan of a run.`);
  return { type: "known", environment: environmentOf({ plan, backends: {}, timingsMs: {} }) };
}
