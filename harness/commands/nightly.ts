/**
 * `tipcart nightly` and `tipcart merge`: a matrix of runs from a plan file, whole or in shards, and one verdict for all
 * of them. In a job of GitHub Actions the summary and the annotations go where GitHub looks for them.
 */
import { appendFile, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { mergeShards } from "../../results/nightly/merge.ts";
import { nightlyJunit } from "../../results/nightly/nightly-junit.ts";
import { nightlyPage } from "../../results/nightly/nightly-page.ts";
import {
  type NightlyRecord,
  nightlySchema,
  nightlyVerdict,
  parseNightlyRecord,
} from "../../results/nightly/nightly-record.ts";
import { nightlyAnnotations, nightlyMarkdown, nightlyTable } from "../../results/nightly/nightly-text.ts";
import { defaultRunsDirectory } from "../../results/store.ts";
import { diskSentence, replaceFile } from "../../results/whole-file.ts";
import { bundlePath } from "../bundle/project-root.ts";
import { carryOutCells } from "../nightly/carry-out-cells.ts";
import { type NightlyPlan, parseNightlyPlan } from "../nightly/plan-file.ts";
import { inShard, parseShard } from "../nightly/shard.ts";
import { nightlyWorkflow } from "../nightly/workflow.ts";
import { exitCodeOf, exitCodes, type Refusal, refuse } from "../outcome.ts";
import { terminalProgress } from "../run/progress.ts";
import { untilInterrupted } from "./interruption.ts";
import { addToSeries } from "./series.ts";

type OutputFlags = {
  readonly out?: string;
  readonly html?: string;
  readonly junit?: string;
  readonly series?: string;
  readonly json?: boolean;
};
type NightlyFlags = OutputFlags & {
  readonly shard: string;
  readonly runs?: string;
  readonly list?: boolean;
  readonly printWorkflow?: boolean | string;
};

const outputs = (command: Command): Command =>
  command
    .option("--out <file>", "the record of the night as JSON, which merge reads")
    .option("--html <file>", "the same as a page")
    .option("--junit <file>", "the same as JUnit XML")
    .option("--series <file>", "add a line to this file, for tipcart series")
    .option("--json", "print the record on standard output instead of the table");

export function declareNightlyCommands(program: Command, end: (exitCode: number) => void): void {
  outputs(program.command("nightly"))
    .description("run a matrix of workloads, faults, quorums and versions from a plan file")
    .argument("<plan>", "a JSON file such as harness/nightly/small-night.json")
    .option("--shard <place>", "2/8 runs the second eighth of the cells", "1/1")
    .option("--runs <directory>", "where runs are kept (default: results/runs)")
    .option("--list", "only say which cells there are, and what each runs")
    .option("--print-workflow [shards]", "print a workflow for GitHub Actions that runs this plan in shards")
    .action(async (plan: string, flags: NightlyFlags) => end(await nightlyCommand(plan, flags)));
  outputs(program.command("merge"))
    .description("put the shards of a night together, and say its verdict")
    .argument("<shards...>", "what nightly wrote with --out")
    .action(async (shards: string[], flags: OutputFlags) => end(await mergeCommand(shards, flags)));
}

async function nightlyCommand(path: string, flags: NightlyFlags): Promise<number> {
  const shard = parseShard(flags.shard);
  if (shard === undefined) return say(refuse("usage", `--shard is "${flags.shard}"; it must be as 2/8.`));
  if (shard.count > 1 && flags.series !== undefined)
    return say(refuse("usage", "A shard is no whole night; --series belongs to tipcart merge then."));
  const text = await textOf(path);
  if (typeof text !== "string") return say(text);
  const plan = parseNightlyPlan(text, basename(path));
  if ("type" in plan) return say(plan);
  if (flags.printWorkflow !== undefined) return printWorkflow(path, flags.printWorkflow);
  if (flags.list === true) return list(plan);

  const interruption = untilInterrupted();
  const progress = terminalProgress(process.stderr);
  const startedWallMs = Date.now();
  const cells = await carryOutCells({
    cells: inShard(plan.cells, shard),
    timeLimitMs: plan.timeLimitMs,
    program: bundlePath("cli"),
    runs: flags.runs ?? defaultRunsDirectory(process.cwd()),
    progress,
    interruption: interruption.signal,
    now: () => performance.now(),
  });
  progress.done();
  interruption.release();
  const record: NightlyRecord = {
    schema: nightlySchema,
    name: plan.name,
    planHash: plan.hash,
    startedWallMs,
    seconds: (Date.now() - startedWallMs) / 1_000,
    shard,
    cellIds: plan.cells.map(({ id }) => id),
    cells: [...cells],
  };
  const exitCode = await conclude(record, flags);
  return interruption.signal.aborted ? exitCodes.interrupted.code : exitCode;
}

function printWorkflow(path: string, wish: boolean | string): number {
  const count = wish === true ? 4 : Number(wish);
  if (!Number.isInteger(count) || count < 1 || count > 100)
    return say(
      refuse("usage", `--print-workflow is "${wish}"; it must be a number of shards from 1 to 100.`),
    );
  process.stdout.write(nightlyWorkflow(path, count));
  return exitCodes.passed.code;
}

function list({ cells }: NightlyPlan): number {
  for (const { id, workload, words } of cells)
    process.stdout.write(`${id}: tipcart run ${workload} ${words.join(" ")}\n`);
  return exitCodes.passed.code;
}

async function mergeCommand(paths: readonly string[], flags: OutputFlags): Promise<number> {
  const shards: NightlyRecord[] = [];
  for (const path of paths) {
    const text = await textOf(path);
    if (typeof text !== "string") return say(text);
    const record = parseNightlyRecord(text);
    if (typeof record === "string") return say(refuse("usage", `${path}: ${record}`));
    shards.push(record);
  }
  const merged = mergeShards(shards);
  return typeof merged === "string" ? say(refuse("usage", merged)) : await conclude(merged, flags);
}

/** Writes what was asked for, tells people and CI, and ends as the worst cell ended. */
async function conclude(record: NightlyRecord, flags: OutputFlags): Promise<number> {
  const json = `${JSON.stringify(record)}\n`;
  const files = [
    [flags.out, json],
    [flags.html, nightlyPage(record)],
    [flags.junit, nightlyJunit(record)],
  ] as const;
  for (const [path, text] of files) {
    if (path === undefined) continue;
    const kept = await replaceFile(join(dirname(path), basename(path)), text);
    if (kept.type === "failed") return say(refuse("internal", kept.reason));
  }
  process.stdout.write(flags.json === true ? json : nightlyTable(record));
  if (process.env["GITHUB_ACTIONS"] === "true") process.stderr.write(nightlyAnnotations(record));
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary !== undefined && summary !== "") await appendFile(summary, nightlyMarkdown(record));
  const refusal = flags.series === undefined ? undefined : await addToSeries(flags.series, record);
  if (refusal !== undefined) return say(refusal);
  return exitCodeOf(nightlyVerdict(record));
}

const textOf = (path: string): Promise<string | Refusal> =>
  readFile(path, "utf8").catch((cause: unknown) =>
    refuse("usage", `${path} could not be read: ${diskSentence(cause)}`),
  );

function say({ exit, sentence }: Refusal): number {
  process.stderr.write(`tipcart: ${sentence}\n`);
  return exitCodes[exit].code;
}
