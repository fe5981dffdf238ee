/** `tipcart series`: what changed for good over many nights, from the file to which `nightly --series` adds a line. */
import { appendFile, readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { NightlyRecord } from "../../results/nightly/nightly-record.ts";
import {
  figureCourses,
  newlyWorse,
  parseSeries,
  seriesLine,
  seriesNightOf,
} from "../../results/nightly/series.ts";
import { seriesPage } from "../../results/nightly/series-page.ts";
import { seriesText } from "../../results/nightly/series-text.ts";
import { diskSentence, replaceFile } from "../../results/whole-file.ts";
import { exitCodes, type Refusal, refuse } from "../outcome.ts";
import { sayRefusal } from "./compare.ts";

type SeriesFlags = { readonly html?: string; readonly json?: boolean; readonly alarm?: string };

export function declareSeriesCommand(program: Command, end: (exitCode: number) => void): void {
  program
    .command("series")
    .description("what changed for good over many nights")
    .argument("<file>", "to which nightly --series and merge --series add a line a night")
    .option("--html <file>", "write the page there")
    .option("--json", "print every figure with its changes as one JSON object on standard output")
    .option(
      "--alarm <nights>",
      "end with 4 when a figure was first told to be worse at most so many nights ago",
    )
    .action(async (file: string, flags: SeriesFlags) => end(await seriesCommand(file, flags)));
}

async function seriesCommand(file: string, { html, json, alarm }: SeriesFlags): Promise<number> {
  const alarmNights = Number(alarm ?? 0);
  if (!Number.isInteger(alarmNights) || alarmNights < 0)
    return sayRefusal(refuse("usage", `--alarm is "${alarm}"; it must be a whole number of nights.`));
  const text = await readFile(file, "utf8").catch((cause: unknown) =>
    refuse("usage", `${file} could not be read: ${diskSentence(cause)}`),
  );
  if (typeof text !== "string") return sayRefusal(text);
  const series = parseSeries(text);
  if (series.nights.length === 0) return sayRefusal(refuse("usage", `${file} holds no night.`));
  if (html !== undefined) {
    const kept = await replaceFile(html, seriesPage(series));
    if (kept.type === "failed") return sayRefusal(refuse("internal", kept.reason));
  }
  process.stdout.write(
    json === true
      ? `${JSON.stringify({ schema: 1, nightCount: series.nights.length, unreadable: series.unreadable, figures: figureCourses(series) })}\n`
      : seriesText(series),
  );
  const isAlarming = newlyWorse(series, alarmNights).length > 0;
  return isAlarming ? exitCodes.regression.code : exitCodes.passed.code;
}

/** Adds the night to the file, which need not exist. A shard alone is no night. */
export async function addToSeries(file: string, record: NightlyRecord): Promise<Refusal | undefined> {
  if (record.cells.length < record.cellIds.length)
    return refuse("usage", "A shard is no whole night; --series belongs to tipcart merge then.");
  try {
    await appendFile(file, seriesLine(seriesNightOf(record)));
    return undefined;
  } catch (cause) {
    return refuse("internal", `${file} could not be written: ${diskSentence(cause)}`);
  }
}
