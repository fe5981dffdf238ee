/**
 * Whether a mutant is caught: its server is built, its plan run against real processes with a fresh seed each try,
 * and the verdict asked for the properties that claim it. A catch by some other checker is written down and does not
 * count.
 */
import { Command } from "commander";
import { execa } from "execa";
import * as z from "zod";
import { sla } from "../../checkers/sla.ts";
import { bundlePath } from "../bundle/project-root.ts";
import { declareRunFlags, optionsOf, type RunFlags } from "../commands/run-options.ts";
import type { Refusal } from "../outcome.ts";
import { type Plan, planOf } from "../test-plan.ts";
import { buildMutant, type Detection, type Mutant, mutantBundle } from "./mutant.ts";

/** Twenty seconds, whatever the number of fault windows. */
const lengthMs = 20_000;
const usualWindow = { faultMs: 5_000, recoveryMs: 3_000 };

/** All flags of one try. */
export function mutantFlags(mutant: Mutant, seed: number): readonly string[] {
  const windowCount = faultWindows(mutant.flags ?? []);
  const { faultMs, recoveryMs } = mutant.window ?? usualWindow;
  const calmMs = lengthMs - windowCount * (faultMs + recoveryMs);
  return [
    ...(mutant.flags ?? []),
    `--seed=${seed}`,
    `--name=mutant-${mutant.id}`,
    "--no-calibrate",
    "--warm-up=0ms",
    `--steady=${calmMs / 2}ms`,
    `--closing=${calmMs / 2}ms`,
    `--fault=${faultMs}ms`,
    `--recovery=${recoveryMs}ms`,
  ];
}

/** The plan that these flags make. */
export function mutantPlan(mutant: Mutant, seed: number): Plan | Refusal {
  const command = declareRunFlags(new Command("run")).exitOverride();
  const flags = command.parse([...mutantFlags(mutant, seed)], { from: "user" }).opts<RunFlags>();
  const options = optionsOf("shopping-cart", flags, seed);
  return "type" in options ? options : planOf(options);
}

function faultWindows(flags: readonly string[]): number {
  const text = flags[flags.indexOf("--faults") + 1] ?? "none";
  return text === "none" ? 0 : text.split(",").length;
}

export type Try = {
  readonly seed: number;
  readonly verdict: string;
  /** Properties whose checker found a violation, the claimed ones or others. */
  readonly violated: readonly string[];
  /** Checkers, but for that of service levels, that could not tell; of a run without a verdict "none ended". */
  readonly undecided: readonly string[];
  readonly seconds: number;
  /** What the first checker that claims it said, or why the run did not end in a verdict. */
  readonly said: string;
};

const answerSchema = z.object({
  ended: z.string(),
  sentence: z.string().optional(),
  record: z
    .object({
      verdicts: z.array(
        z.object({
          checker: z.string(),
          properties: z.array(z.string()),
          type: z.string(),
          summary: z.string(),
          violations: z.record(z.string(), z.number()).optional(),
        }),
      ),
    })
    .optional(),
});

export type Tries = { readonly firstSeed: number; readonly triesMax: number; readonly runs: string };

/** Runs the mutant until it is caught, at most `triesMax` times, each with the next seed. */
export async function detect(mutant: Mutant, options: Tries): Promise<Detection | Refusal> {
  const claimed = ({ violated }: Try): readonly string[] =>
    violated.filter((property) => mutant.caughtBy.includes(property));
  return detectionOf(mutant, options, {
    isLast: (one) => claimed(one).length > 0,
    isCaught: (last) => claimed(last).length > 0,
    caughtBy: claimed,
  });
}

/**
 * Of a control: a run must keep all promises before one is broken. A run that cannot tell says nothing and is done
 * again. Service levels are left out: how fast a changed server is on a busy machine is not what a control asks.
 */
export async function controlReal(control: Mutant, options: Tries): Promise<Detection | Refusal> {
  return detectionOf(control, options, {
    isLast: ({ violated, undecided }) => violated.length > 0 || undecided.length === 0,
    isCaught: ({ violated, undecided }) => violated.length > 0 || undecided.length > 0,
    caughtBy: ({ violated }) => violated,
  });
}

type Judging = {
  /** Whether no further try is needed. */
  readonly isLast: (one: Try) => boolean;
  readonly isCaught: (last: Try) => boolean;
  readonly caughtBy: (last: Try) => readonly string[];
};

async function detectionOf(
  mutant: Mutant,
  { firstSeed, triesMax, runs }: Tries,
  { isLast, isCaught, caughtBy }: Judging,
): Promise<Detection | Refusal> {
  const built = await buildMutant(mutant, "real");
  if (built.type === "refused")
    return { type: "refused", exit: "internal", sentence: `${mutant.id}: ${built.reason}` };
  let last = await attempt(mutant, firstSeed, runs);
  let { seconds } = last;
  let count = 1;
  for (; count < triesMax && !isLast(last); count += 1) {
    last = await attempt(mutant, firstSeed + count, runs);
    seconds += last.seconds;
  }
  return {
    world: "real",
    id: mutant.id,
    name: mutant.name,
    isCaught: isCaught(last),
    caughtBy: caughtBy(last),
    runs: count,
    seconds,
    seed: last.seed,
    smallest: undefined,
    said: isCaught(last) ? last.said : `${last.verdict}: ${last.said}`,
  };
}

async function attempt(mutant: Mutant, seed: number, runs: string): Promise<Try> {
  const before = performance.now();
  const flags = ["--server", mutantBundle(mutant, "real"), "--runs", runs, "--json"];
  const { stdout, stderr } = await execa(
    process.execPath,
    [bundlePath("cli"), "run", ...mutantFlags(mutant, seed), ...flags],
    { reject: false, stdin: "ignore" },
  );
  const seconds = Math.round((performance.now() - before) / 1000);
  const answer = answerSchema.safeParse(parseJson(stdout));
  if (!answer.success || answer.data.record === undefined) {
    const said = answer.data?.sentence ?? stderr.trim().split("\n").at(-1) ?? "";
    return {
      seed,
      verdict: answer.data?.ended ?? "no answer",
      violated: [],
      undecided: ["none ended"],
      seconds,
      said,
    };
  }
  const { verdicts } = answer.data.record;
  const violated = verdicts.filter(({ type }) => type === "violated");
  const properties = violated.flatMap((verdict) => Object.keys(verdict.violations ?? {}));
  const telling = violated.find((verdict) => verdict.properties.some((one) => mutant.caughtBy.includes(one)));
  const undecided = verdicts.filter(({ checker, type }) => type === "inconclusive" && checker !== sla.name);
  const doubt = undecided[0]?.summary ?? "nothing was violated";
  const said = (telling ?? violated[0])?.summary ?? doubt;
  const names = undecided.map(({ checker }) => checker);
  return { seed, verdict: answer.data.ended, violated: properties, undecided: names, seconds, said };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
