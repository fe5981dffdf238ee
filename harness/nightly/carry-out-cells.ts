/**
 * The cells of a night, one after another, each as a process of its own: whatever one of them does to itself, to its
 * nodes or to its memory, the next one starts fresh. A process that ends without an answer is an inconclusive cell
 * with the reason, and so is one that the time limit left out or cut short.
 */
import { execa } from "execa";
import * as z from "zod";
import { conclusion } from "../../results/conclusion.ts";
import type { CellResult } from "../../results/nightly/nightly-record.ts";
import type { RunRecord } from "../../results/run-record.ts";
import { parseRunRecord } from "../../results/run-schema.ts";
import type { Progress } from "../run/progress.ts";
import type { Cell } from "./cell.ts";

/** A cell that has less than this left is not begun: it could not come to a verdict. */
const leastMs = 20_000;
/** A run that is told to end has this long to stop its nodes. */
const stopMs = 10_000;

export type Night = {
  readonly cells: readonly Cell[];
  readonly timeLimitMs: number;
  /** The program whose `run` is called. */
  readonly program: string;
  readonly runs: string;
  readonly progress: Progress;
  readonly interruption: AbortSignal;
  /** Milliseconds from any beginning, never going back. */
  readonly now: () => number;
};

const answerSchema = z.object({
  ended: z.string(),
  sentence: z.string().optional(),
  folder: z.string().optional(),
  record: z.unknown().optional(),
});

/** A result for every cell, in their order. Resolves also when it was interrupted: the rest is then not run. */
export async function carryOutCells(night: Night): Promise<readonly CellResult[]> {
  const { cells, timeLimitMs, progress, interruption, now } = night;
  const endsAt = now() + timeLimitMs;
  const results: CellResult[] = [];
  for (const [index, cell] of cells.entries()) {
    const leftMs = endsAt - now();
    if (interruption.aborted) results.push(notRun(cell, "The night was interrupted before this cell."));
    else if (leftMs < leastMs) results.push(notRun(cell, "The time limit of the night was reached before."));
    else {
      progress.step(`${index + 1} of ${cells.length}: ${cell.id}.`);
      const result = await carryOutCell(night, cell, leftMs);
      progress.step(`${result.verdict}: ${result.sentence}`);
      results.push(result);
    }
  }
  return results;
}

const replayOf = ({ workload, words }: Cell): string =>
  ["npx tipcart run", workload, ...words.map((word) => (/[<>;&|$ ]/.test(word) ? `'${word}'` : word))].join(
    " ",
  );

const notRun = (cell: Cell, sentence: string): CellResult => ({
  id: cell.id,
  workload: cell.workload,
  seed: cell.seed,
  state: "not-run",
  verdict: "inconclusive",
  sentence,
  seconds: 0,
  replay: replayOf(cell),
  figures: {},
});

async function carryOutCell(night: Night, cell: Cell, leftMs: number): Promise<CellResult> {
  const { program, runs, interruption, now } = night;
  const before = now();
  const name = `nightly-${cell.id.replace(/[^a-zA-Z0-9]+/g, "-").slice(0, 60)}`;
  const { stdout, stderr, timedOut } = await execa(
    process.execPath,
    [program, "run", cell.workload, ...cell.words, `--name=${name}`, "--runs", runs, "--json"],
    {
      reject: false,
      stdin: "ignore",
      timeout: leftMs,
      forceKillAfterDelay: stopMs,
      cancelSignal: interruption,
    },
  );
  const seconds = Math.round((now() - before) / 100) / 10;
  const failed = (sentence: string): CellResult => ({
    ...notRun(cell, sentence),
    state: "failed",
    seconds,
  });
  if (timedOut) return failed("The time limit of the night was reached during this cell.");
  const answer = answerSchema.safeParse(jsonOf(stdout));
  const lastWords = stderr.trim().split("\n").at(-1) ?? "";
  if (!answer.success) return failed(`The run ended without an answer. ${lastWords}`.trim());
  const { record: content, folder, sentence } = answer.data;
  if (content === undefined) return failed(sentence ?? `The run ended: ${answer.data.ended}.`);
  const record = parseRunRecord(JSON.stringify(content));
  if (record.type === "failed") return failed(`The record of the run cannot be read: ${record.reason}`);
  return {
    ...notRun(cell, conclusion(record.value)),
    state: "judged",
    verdict: record.value.verdict,
    seconds,
    replay: record.value.environment.replay,
    figures: figuresOf(record.value),
    ...(folder === undefined ? {} : { folder }),
  };
}

/** What the series of nights follows: the latencies of the steady phases. */
const figuresOf = ({ service }: RunRecord): Readonly<Record<string, number>> =>
  Object.fromEntries(
    service
      .filter(({ kind, phase }) => kind === "steady" && phase === null)
      .flatMap(({ operation, latencyMs }) =>
        (["p50", "p99"] as const).flatMap((name) => {
          const ms = latencyMs[name];
          return ms === null ? [] : [[`${operation} ${name}`, ms] as const];
        }),
      ),
  );

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
