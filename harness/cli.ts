/**
 * The command line. Each command is a file in `commands/`; here they are introduced to each other, and what goes
 * wrong with the words themselves becomes one sentence and exit code 64.
 */
import { Command, CommanderError } from "commander";
import { serverCommand } from "../server/launch/server-command.ts";
import { catalog } from "../workloads/catalog.ts";
import { bundlePath } from "./bundle/project-root.ts";
import { declareAbCommand } from "./commands/ab.ts";
import { declareAdminCommand } from "./commands/admin.ts";
import { type BenchFlags, benchCommand, suites } from "./commands/bench.ts";
import { declareCheckFlags } from "./commands/check-options.ts";
import { declareCompareCommand } from "./commands/compare.ts";
import { loadCommand } from "./commands/load.ts";
import { declareLoadFlags, type LoadFlags } from "./commands/load-options.ts";
import { declareMutantsCommand } from "./commands/mutants.ts";
import { declareNightlyCommands } from "./commands/nightly.ts";
import { planCommand } from "./commands/plan.ts";
import { runCommand } from "./commands/run.ts";
import { declareRunFlags, type RunFlags } from "./commands/run-options.ts";
import { declareSeriesCommand } from "./commands/series.ts";
import { type SimulateFlags, simulateCommand } from "./commands/simulate.ts";
import { declareStoredRunCommands } from "./commands/stored-runs.ts";
import { declareTrustCommand } from "./commands/trust.ts";
import { exitCodes } from "./outcome.ts";
import { shapes } from "./simulate/seed-report.ts";

const exitCodeHelp = `
Exit codes:
${Object.values(exitCodes)
  .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)
  .join("\n")}`;

const workloads = `one of: ${[...catalog.keys()].join(", ")} (default: shopping-cart)`;

function commandLine(end: (exitCode: number) => void): Command {
  const program = new Command("tipcart")
    .description("Tips shopping carts over and counts what falls out.")
    .addHelpText("after", exitCodeHelp)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "tipcart: ")) });

  declareRunFlags(program.command("run"))
    .description("start a cluster, load it, hurt it, and judge what its clients saw")
    .argument("[workload]", workloads)
    .action(async (workload: string | undefined, flags: RunFlags) => end(await runCommand(workload, flags)));

  declareRunFlags(program.command("plan"))
    .description("show what a run with the same words would do, as text and as a timeline, without doing it")
    .argument("[workload]", workloads)
    .action((workload: string | undefined, flags: RunFlags) => end(planCommand(workload, flags)));

  declareLoadFlags(program.command("load"))
    .description("load a store and measure it, or search the highest rate that meets a service level")
    .action(async (flags: LoadFlags) => end(await loadCommand(flags)));

  declareCheckFlags(program.command("check"), end);

  program
    .command("bench")
    .description("measure parts of Tipcart itself")
    .argument("<suite>", [...suites].map(([name, { about }]) => `${name}: ${about}`).join("; "))
    .option("--only <text>", "only cases whose name contains this")
    .option("--quick", "a short version, where the suite has one")
    .option("--json", "print the result as one JSON object on standard output")
    .action(async (suite: string, flags: BenchFlags) => end(await benchCommand(suite, flags)));

  declareStoredRunCommands(program, end);
  declareNightlyCommands(program, end);
  declareSeriesCommand(program, end);
  declareCompareCommand(program, end);
  declareAbCommand(program, end);
  declareTrustCommand(program, end);
  declareAdminCommand(program, end);

  program
    .command("simulate")
    .description("random runs of the server in a simulated world, members coming and going")
    .option("--runs <count>", "how many, each of the next seed", "100")
    .option("--first-seed <number>", "of the first run", "1")
    .option(
      "--shape <name>",
      `${[...shapes.keys()].join(", ")}: a minute, seconds, or held against every checker`,
      "long",
    )
    .option("--jobs <count>", "processes that simulate; one for each processor is best", "1")
    .option("--json", "print the result as one JSON object on standard output")
    .action(async (flags: SimulateFlags) => end(await simulateCommand(flags)));

  declareMutantsCommand(program, end);

  program.addCommand(serverHere(end));
  return program;
}

/** The store by hand, with the terminal and the signals of this process. */
const serverHere = (end: (exitCode: number) => void): Command =>
  serverCommand({
    serverProgram: bundlePath("server"),
    print: (text) => process.stdout.write(text),
    complain: (sentence) => process.stderr.write(`tipcart: ${sentence}\n`),
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      }),
    setExitCode: end,
  });

async function main(): Promise<number> {
  let exitCode: number = exitCodes.passed.code;
  const program = commandLine((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync();
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : exitCodes.usage.code;
    return complainOf(thrown);
  }
}

function complainOf(thrown: unknown): number {
  process.stderr.write(`tipcart: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  return exitCodes.internal.code;
}

// Thrown where nobody catches it. Node would end with 1, which is a verdict; what was started, its guardian ends.
process.on("uncaughtException", (thrown) => process.exit(complainOf(thrown)));

process.exitCode = await main();
