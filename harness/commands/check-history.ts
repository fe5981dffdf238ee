/**
 * `tipcart check --workload …`: judges a history of any store, whoever recorded it: JSON lines, EDN, a text log of
 * Jepsen, or a journal of ours. The file is read as a stream and nothing is written but a drawing, when one is asked
 * for.
 */
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { instance } from "@viz-js/viz";
import type { HistorySink } from "../../checkers/exchange/history-reader.ts";
import { HistoryReader } from "../../checkers/exchange/history-reader.ts";
import { JournalRecords } from "../../checkers/exchange/journal-records.ts";
import {
  type ForeignCheck,
  type ForeignWorkload,
  foreignCheck,
  foreignProblem,
  foreignWorkloads,
} from "../../checkers/foreign-history.ts";
import { JournalReader, startsJournal } from "../../checkers/history/journal.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import { anomalyDrawing } from "../../results/anomaly-drawing.ts";
import { verdictText } from "../../results/verdict-text.ts";
import { parseDuration } from "../fault-notation.ts";
import { exitCodeOf, exitCodes, type Refusal, refuse } from "../outcome.ts";

export type CheckHistoryFlags = {
  readonly workload: string;
  /** Separated by commas. */
  readonly expect?: string;
  readonly json?: boolean;
  readonly drawing?: string;
  readonly timeLimit: string;
  readonly memory: string;
  readonly keyed?: boolean;
  readonly sequentialKeys?: boolean;
  readonly linearizableKeys?: boolean;
  readonly initialState?: boolean;
};

const wordsPerMegabyte = (1 << 20) / 4;
const memoryMegabytesMax = 8192;

/** Judges the history in `path`, "-" for standard input. Ends with the exit code of the verdict. */
export async function checkHistoryCommand(path: string, flags: CheckHistoryFlags): Promise<number> {
  const judged = await judgeHistory(path, flags);
  const exitCode = judged.type === "refused" ? exitCodes[judged.exit].code : exitCodeOf(judged.type);
  if (flags.json === true) {
    const result =
      judged.type === "refused"
        ? { ended: judged.exit, sentence: judged.sentence }
        : { ended: judged.type, verdict: judged };
    process.stdout.write(`${JSON.stringify({ schema: 1, exitCode, ...result })}\n`);
  } else if (judged.type !== "refused") process.stdout.write(verdictText(judged));
  if (judged.type === "refused") process.stderr.write(`tipcart: ${judged.sentence}\n`);
  return exitCode;
}

/** The verdict, or why there can be none. */
export async function judgeHistory(path: string, flags: CheckHistoryFlags): Promise<Verdict | Refusal> {
  const check = checkOf(flags);
  if ("type" in check) return check;
  const source = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  try {
    await feed(source, check, flags);
  } catch (thrown) {
    return refuse("usage", `${path} cannot be read: ${thrown instanceof Error ? thrown.message : thrown}.`);
  }
  const verdict = check.finish();
  const undrawn = flags.drawing === undefined ? undefined : await draw(flags.drawing, verdict);
  return undrawn ?? verdict;
}

function checkOf(flags: CheckHistoryFlags): ForeignCheck | Refusal {
  const workload = foreignWorkloads.find((name) => name === flags.workload);
  if (workload === undefined)
    return refuse("usage", `--workload is "${flags.workload}"; it is one of ${foreignWorkloads.join(", ")}.`);
  const expect = (flags.expect ?? "").split(",").filter((model) => model !== "");
  const problem = foreignProblem(workload, expect);
  if (problem !== undefined) return refuse("usage", `--expect: ${problem}.`);
  const timeLimitMs = parseDuration(flags.timeLimit);
  if (timeLimitMs === undefined || timeLimitMs <= 0)
    return refuse("usage", `--time-limit is ${flags.timeLimit}; it is a duration such as 60s.`);
  const memory = Number(flags.memory);
  if (!Number.isInteger(memory) || memory < 1 || memory > memoryMegabytesMax)
    return refuse("usage", `--memory is ${flags.memory}; it is a number of megabytes up to 8192.`);
  return foreignCheck(workload, {
    expect,
    budget: { now: () => performance.now(), timeLimitMs, memoryWords: memory * wordsPerMegabyte },
    keyed: flags.keyed === true,
    registers: {
      sequentialKeys: flags.sequentialKeys === true,
      linearizableKeys: flags.linearizableKeys === true,
      unwrittenReads: flags.initialState === true ? "initial-state" : "anomaly",
    },
  });
}

/** Throws what the source throws, and one sentence for a journal that cannot be judged as asked. */
async function feed(
  source: AsyncIterable<Uint8Array>,
  sink: HistorySink,
  { workload, keyed }: CheckHistoryFlags,
): Promise<void> {
  let reader: { readonly push: (chunk: Uint8Array) => void; readonly end: () => void } | undefined;
  for await (const chunk of source) {
    if (reader === undefined && startsJournal(chunk)) {
      if (workload !== ("register" satisfies ForeignWorkload) || keyed !== true)
        throw new Error("it is a journal of Tipcart, which --workload register --keyed judges");
      reader = journalReader(sink);
    }
    reader ??= new HistoryReader(sink);
    reader.push(chunk);
  }
  reader?.end();
}

const journalReader = (sink: HistorySink) => {
  const journal = new JournalReader();
  const records = new JournalRecords("register");
  const deliver = (items: ReturnType<JournalReader["push"]>): void => {
    for (const item of items) {
      const record = item.type === "event" ? records.record(item.event) : undefined;
      if (record !== undefined) sink.add(record);
      if (item.type === "event") continue;
      const reason = `${item.bytes} bytes at byte ${item.position} are no event`;
      sink.addProblem({ line: records.count, reason, isTorn: item.type === "torn" });
    }
  };
  return { push: (chunk: Uint8Array) => deliver(journal.push(chunk)), end: () => deliver(journal.end()) };
};

/** Graphviz' own text for a file that ends in .dot, a picture for any other. */
async function draw(path: string, { anomalies }: Verdict): Promise<Refusal | undefined> {
  const graph = anomalyDrawing(anomalies);
  if (graph === undefined) return undefined;
  const text = path.endsWith(".dot") ? graph : (await instance()).renderString(graph, { format: "svg" });
  return writeFile(path, text).then(
    () => undefined,
    (thrown: Error) => refuse("usage", `The drawing cannot be written: ${thrown.message}.`),
  );
}
