/**
 * Commands about runs that lie on the disk: list them, show them, hand one out in another format, make room. None of them
 * judges anything; `tipcart check` does that.
 */
import type { Command } from "commander";
import { historyFromJournal } from "../../checkers/history/history.ts";
import { exported } from "../../results/export/export.ts";
import { exportFormats, isExportFormat } from "../../results/export/format.ts";
import { carryOutPruning, planPruning } from "../../results/pruning.ts";
import { listRuns, listTable } from "../../results/run-list.ts";
import { defaultRunsDirectory, openRunStore, type RunStore } from "../../results/store.ts";
import { bytes, counted } from "../../results/units.ts";
import { exitCodes, refuse } from "../outcome.ts";
import { journalChunks } from "../run/journal-file.ts";
import { announce } from "./announce.ts";
import { type ServeFlags, serveCommand, usualPort } from "./serve.ts";

type StoreFlags = { readonly runs?: string };

/** Runs that `list` shows when it is not told otherwise. */
const listedUsually = 50;

const storeOf = ({ runs }: StoreFlags): RunStore => openRunStore(runs ?? defaultRunsDirectory(process.cwd()));

const usage = (sentence: string): number => announce(refuse("usage", sentence), { isJson: false });
const internal = (sentence: string): number => announce(refuse("internal", sentence), { isJson: false });

/** Whole and not negative; undefined for anything else. */
const wholeNumber = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

export function declareStoredRunCommands(program: Command, end: (exitCode: number) => void): void {
  const runs = ["--runs <directory>", "where runs are kept (default: results/runs)"] as const;
  program
    .command("list")
    .description("the stored runs, newest first")
    .argument("[words...]", "only runs that say all of these words")
    .option("--limit <count>", "at most so many", String(listedUsually))
    .option("--json", "print the list as one JSON object on standard output")
    .option(...runs)
    .action(async (words: string[], flags: ListFlags) => end(await listCommand(words, flags)));
  program
    .command("export")
    .description("a stored run in a format that other programs read, on standard output")
    .argument("[run]", "latest, a run's name, name/start, or a folder", "latest")
    .requiredOption("--format <format>", exportFormats.join(", "))
    .option(...runs)
    .action(async (run: string, flags: ExportFlags) => end(await exportCommand(run, flags)));
  program
    .command("serve")
    .description("the stored runs in a browser, and one that is still going; on this machine alone")
    .option("--port <number>", "to listen on; 0 takes a free one", String(usualPort))
    .option(...runs)
    .action(async (flags: ServeFlags) => end(await serveCommand(flags)));
  program
    .command("prune")
    .description("make room: remove old runs, and what the nodes of the others had stored")
    .requiredOption("--keep <count>", "the newest runs of each name that stay")
    .option("--dry-run", "only say what would be removed")
    .option(...runs)
    .action(async (flags: PruneFlags) => end(await pruneCommand(flags)));
}

type ListFlags = StoreFlags & { readonly limit: string; readonly json?: boolean };

async function listCommand(words: readonly string[], flags: ListFlags): Promise<number> {
  const limit = wholeNumber(flags.limit);
  if (limit === undefined) return usage(`--limit wants a whole number, not "${flags.limit}".`);
  const listed = await listRuns(storeOf(flags), { text: words.join(" ") }, { limit, nowMs: Date.now() });
  if (listed.type === "failed") return internal(listed.reason);
  const runs = listed.value.map(({ entry, state, record }) => ({
    name: entry.name,
    start: entry.start,
    folder: entry.folder.path,
    state,
    verdict: record?.verdict ?? null,
    startedWallMs: record?.startedWallMs ?? null,
    requestCount: record?.counts.requestCount ?? null,
  }));
  process.stdout.write(
    flags.json === true ? `${JSON.stringify({ schema: 1, runs })}\n` : listTable(listed.value),
  );
  return exitCodes.passed.code;
}

type ExportFlags = StoreFlags & { readonly format: string };

async function exportCommand(which: string, flags: ExportFlags): Promise<number> {
  const { format } = flags;
  if (!isExportFormat(format))
    return usage(`--format "${format}" is not known; there are ${exportFormats.join(", ")}.`);
  const store = storeOf(flags);
  const found = await store.find(which);
  if (found.type === "failed") return usage(found.reason);
  const record = await store.readVerdict(found.value);
  if (record.type === "failed")
    return usage(`${record.reason} A run that was never judged is judged by "tipcart check".`);
  const history = await historyFromJournal(journalChunks(found.value.journal));
  process.stdout.write(exported(format, { record: record.value, history }));
  return exitCodes.passed.code;
}

type PruneFlags = StoreFlags & { readonly keep: string; readonly dryRun?: boolean };

async function pruneCommand(flags: PruneFlags): Promise<number> {
  const keep = wholeNumber(flags.keep);
  if (keep === undefined) return usage(`--keep wants a whole number, not "${flags.keep}".`);
  const entries = await storeOf(flags).list();
  if (entries.type === "failed") return internal(entries.reason);
  const removals = await planPruning(entries.value, { keep, nowMs: Date.now() });
  if (flags.dryRun === true) {
    for (const { what, path, bytes: size } of removals)
      process.stdout.write(
        `would remove ${what === "run" ? "the run" : "the data"} ${path}, ${bytes(size)}\n`,
      );
    return exitCodes.passed.code;
  }
  const freed = await carryOutPruning(removals);
  if (freed.type === "failed") return internal(freed.reason);
  const runs = removals.filter(({ what }) => what === "run").length;
  process.stdout.write(
    `Removed ${counted(runs, "run")} and the data of ${counted(removals.length - runs, "other")}: ${bytes(freed.value)}.\n`,
  );
  return exitCodes.passed.code;
}
