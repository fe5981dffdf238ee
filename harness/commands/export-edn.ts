/**
 * `tipcart check --export-edn`: a stored run written back as an EDN history, one map a line, so that other checkers
 * can judge our runs. Event by event: a long run takes no more memory than a short one, but for the open requests.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ednRecordText } from "../../checkers/exchange/edn-records.ts";
import { JournalRecords, type JournalShape, journalShapes } from "../../checkers/exchange/journal-records.ts";
import { readJournal } from "../../checkers/history/journal.ts";
import { defaultRunsDirectory, openRunStore } from "../../results/store.ts";
import { exitCodes } from "../outcome.ts";

export type ExportFlags = {
  readonly runs?: string;
  /** Where to; "-" is standard output. */
  readonly exportEdn: string;
  readonly as: string;
};

/** `which`: a stored run, or the path of a journal. */
export async function exportEdnCommand(which: string, flags: ExportFlags): Promise<number> {
  const shape = journalShapes.find((name) => name === flags.as);
  if (shape === undefined) return complain(`--as is "${flags.as}"; it is ${journalShapes.join(" or ")}.`);
  const path = which.endsWith(".journal") ? which : await journalOf(which, flags);
  if (typeof path !== "string") return complain(path.sentence);
  const target = flags.exportEdn === "-" ? process.stdout : createWriteStream(flags.exportEdn);
  try {
    await pipeline(Readable.from(ednChunks(path, shape)), target, { end: flags.exportEdn !== "-" });
  } catch (thrown) {
    return complain(`The history cannot be written: ${thrown instanceof Error ? thrown.message : thrown}.`);
  }
  return exitCodes.passed.code;
}

async function journalOf(which: string, { runs }: ExportFlags): Promise<string | { sentence: string }> {
  const found = await openRunStore(runs ?? defaultRunsDirectory(process.cwd())).find(which);
  return found.type === "failed" ? { sentence: found.reason } : found.value.journal;
}

async function* ednChunks(path: string, shape: JournalShape): AsyncGenerator<string> {
  const records = new JournalRecords(shape);
  for await (const items of readJournal(createReadStream(path, { highWaterMark: 1 << 20 }))) {
    const lines: string[] = [];
    for (const item of items) {
      const record = item.type === "event" ? records.record(item.event) : undefined;
      if (record !== undefined) lines.push(ednRecordText(record));
    }
    if (lines.length > 0) yield `${lines.join("\n")}\n`;
  }
}

function complain(sentence: string): number {
  process.stderr.write(`tipcart: ${sentence}\n`);
  return exitCodes.usage.code;
}
