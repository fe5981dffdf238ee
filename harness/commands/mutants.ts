/** `tipcart mutants`: puts known bugs into the server, the judge or the harness, one at a time, and says what catches them. */
import { randomInt } from "node:crypto";
import type { Command } from "commander";
import { defaultRunsDirectory } from "../../results/store.ts";
import { evidenceMutants } from "../mutants/checker-mutants-evidence.ts";
import { judgementMutants } from "../mutants/checker-mutants-judgement.ts";
import { harnessMutants } from "../mutants/harness-mutants.ts";
import { exitCodes } from "../outcome.ts";
import { mutantsOfServer } from "./mutants-of-server.ts";
import { mutantsOfTests } from "./mutants-of-tests.ts";

export type MutantsFlags = {
  /** Whose bugs: "server", "checkers" or "harness". */
  readonly of: string;
  readonly simulated?: boolean;
  readonly real?: boolean;
  readonly tries?: string;
  readonly seed?: string;
  readonly runs?: string;
  readonly record?: string;
  readonly json?: boolean;
};

export function declareMutantsCommand(program: Command, end: (exitCode: number) => void): void {
  program
    .command("mutants")
    .description("put known bugs into the server, one at a time, and see whether they are caught")
    .argument("[ids...]", "M01 M44 …; all when none is named")
    .option(
      "--of <room>",
      "server; checkers: bugs in the judge; harness: bugs in Tipcart itself, each before the tests that must notice",
      "server",
    )
    .option(
      "--simulated",
      "only in the simulated world, which is the default where a mutant has a plan for it",
    )
    .option("--real", "only as real processes, 20 s a run")
    .option("--tries <count>", "runs for each at most (default: 20 simulated, 3 real; 5 of a control)")
    .option("--seed <number>", "of the first try; the next tries count up (default: drawn)")
    .option("--runs <directory>", "where runs are kept (default: results/runs)")
    .option("--record <file>", "write down what became of each, beside what the file tells of others")
    .option("--json", "print the result as one JSON object on standard output")
    .action(async (ids: string[], flags: MutantsFlags) => end(await mutantsCommand(ids, flags)));
}

/** Passed when each was caught by who claims it, and each control stayed green; violated otherwise. */
export async function mutantsCommand(ids: readonly string[], flags: MutantsFlags): Promise<number> {
  const isJson = flags.json === true;
  switch (flags.of) {
    case "checkers":
      return mutantsOfTests("checkers", [...evidenceMutants, ...judgementMutants], {
        ids,
        record: flags.record,
        isJson,
      });
    case "harness":
      return mutantsOfTests("harness", harnessMutants, { ids, record: flags.record, isJson });
    case "server":
      return serverMutants(ids, flags);
    default:
      return complain(`--of is "${flags.of}"; it is server, checkers or harness.`);
  }
}

async function serverMutants(ids: readonly string[], flags: MutantsFlags): Promise<number> {
  if (flags.simulated === true && flags.real === true)
    return complain(
      "--simulated and --real exclude each other; without both each runs where it is shown best.",
    );
  const world = flags.simulated === true ? "simulated" : flags.real === true ? "real" : undefined;
  const triesMax = flags.tries === undefined ? undefined : Number(flags.tries);
  if (triesMax !== undefined && (!Number.isInteger(triesMax) || triesMax < 1 || triesMax > 100))
    return complain(`--tries is ${flags.tries}; it must be a whole number from 1 to 100.`);
  const firstSeed = flags.seed === undefined ? randomInt(2 ** 30) : Number(flags.seed);
  if (!Number.isInteger(firstSeed)) return complain(`--seed is ${flags.seed}; it must be a whole number.`);
  return mutantsOfServer(ids, {
    world,
    triesMax,
    firstSeed,
    runs: flags.runs ?? defaultRunsDirectory(process.cwd()),
    record: flags.record,
    isJson: flags.json === true,
  });
}

export function complain(sentence: string, code: number = exitCodes.usage.code): number {
  process.stderr.write(`tipcart: ${sentence}\n`);
  return code;
}
