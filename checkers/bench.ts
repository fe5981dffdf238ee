/**
 * How fast the checkers of any store's histories are: generated histories of known size, written as JSON lines, read
 * back and judged. The only file of the room that touches disk, clock and process. What is counted is the time of all
 * of the process's threads, so that other work on the machine disturbs it little; memory is the most the process ever
 * held, so a case that is to be measured alone is run alone.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HistoryReader, type HistorySink } from "./exchange/history-reader.ts";
import type { HistoryRecord } from "./exchange/history-record.ts";
import { jsonRecordText } from "./exchange/json-lines.ts";
import { generatedRegisters } from "./linearizability/generated-registers.ts";
import { judgeRegisters } from "./linearizability/register.ts";
import { RegisterHistory } from "./linearizability/register-history.ts";
import { defaultLoad, type GeneratedLoad, generatedHistory } from "./transactions/generated-history.ts";
import { ListAppendCheck } from "./transactions/list-append.ts";
import { RwRegisterCheck } from "./transactions/rw-register.ts";
import { strictSerializable } from "./transactions/transaction-report.ts";
import { defaultRegisterOptions } from "./transactions/version-order.ts";
import type { Verdict } from "./verdict.ts";

export type BenchResult = {
  readonly name: string;
  readonly aim: string;
  /** Seconds of CPU, of reading the file and of judging what was read. */
  readonly readSeconds: number;
  readonly judgeSeconds: number;
  /** The most memory the process held until now. */
  readonly residentMegabytes: number;
  readonly verdict: Verdict["type"];
  readonly summary: string;
};

type Judge = HistorySink & { readonly judge: () => Verdict };

type BenchCase = {
  readonly name: string;
  readonly aim: string;
  readonly records: () => Iterable<HistoryRecord>;
  readonly judge: () => Judge;
};

const transactions = (load: Partial<GeneratedLoad>) => (): Iterable<HistoryRecord> =>
  generatedHistory({ ...defaultLoad, clients: 20, ...load });

const listAppend = (): Judge => {
  const check = new ListAppendCheck();
  return { ...sinkOf(check), judge: () => check.finish().verdict };
};

const rwRegister = (linearizableKeys: boolean) => (): Judge => {
  const check = new RwRegisterCheck();
  const options = { ...defaultRegisterOptions, linearizableKeys };
  return { ...sinkOf(check), judge: () => check.finish(strictSerializable, options).verdict };
};

const register = (): Judge => {
  const history = new RegisterHistory({ keys: "tuple", failedCompareAndSet: "nothing" });
  const budget = { now: () => performance.now(), timeLimitMs: 60_000, memoryWords: 1 << 26 };
  const judge = (): Verdict => {
    history.finish();
    return judgeRegisters(history, "linearizable", budget);
  };
  return { ...sinkOf(history), judge };
};

const sinkOf = (sink: HistorySink): HistorySink => ({
  add: (record) => sink.add(record),
  addProblem: (problem) => sink.addProblem(problem),
});

const registers = { seed: 1, unansweredPerMille: 0 } as const;

export const benchCases: readonly BenchCase[] = [
  {
    name: "list-append, 100,000 transactions, strict-serializable",
    aim: "1.5 s, cold",
    records: transactions({ transactionCount: 100_000 }),
    judge: listAppend,
  },
  {
    name: "list-append, 1,000,000",
    aim: "15 s of CPU, 2 GB",
    records: transactions({ transactionCount: 1_000_000 }),
    judge: listAppend,
  },
  {
    name: "rw-register, 1,000,000",
    aim: "12 s of CPU, 2 GB",
    records: transactions({ transactionCount: 1_000_000, workload: "rw-register" }),
    judge: rwRegister(false),
  },
  {
    name: "rw-register with realtime per key, 10,000 single-operation transactions",
    aim: "0.3 s",
    records: transactions({
      transactionCount: 10_000,
      workload: "rw-register",
      longest: 1,
      keys: 1,
      writesPerKey: 100_000,
    }),
    judge: rwRegister(true),
  },
  {
    name: "registers, 100 keys, 1,000,000 operations, linearizable",
    aim: "2.5 s without reading",
    records: () => generatedRegisters({ ...registers, operationCount: 1_000_000, keys: 100, clients: 50 }),
    judge: register,
  },
  {
    name: "one hot register key, 10,000 operations, 50 clients, unique writes",
    aim: "0.1 s",
    records: () => generatedRegisters({ ...registers, operationCount: 10_000, keys: 1, clients: 50 }),
    judge: register,
  },
  {
    name: "one strongly connected component of 10,000 transactions",
    aim: "1 s",
    records: transactions({
      transactionCount: 10_000,
      staleElements: 3,
      abortedPerMille: 0,
      unansweredPerMille: 0,
    }),
    judge: listAppend,
  },
];

/** Runs the cases whose names contain `only`, one after another, and hands each result to `report`. */
export const benchCheckers = (report: (result: BenchResult) => void, only = ""): void => {
  const directory = mkdtempSync(join(tmpdir(), "tipcart-bench-"));
  try {
    for (const one of benchCases.filter(({ name }) => name.includes(only))) report(benchCase(one, directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const benchCase = ({ name, aim, records, judge }: BenchCase, directory: string): BenchResult => {
  const path = join(directory, "history.jsonl");
  writeHistory(path, records());
  const started = cpuSeconds();
  const judged = judge();
  readHistory(path, judged);
  const read = cpuSeconds();
  const { type, summary } = judged.judge();
  return {
    name,
    aim,
    readSeconds: read - started,
    judgeSeconds: cpuSeconds() - read,
    residentMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    verdict: type,
    summary,
  };
};

const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const linesWritten = 5000;

const writeHistory = (path: string, records: Iterable<HistoryRecord>): void => {
  const file = openSync(path, "w");
  let lines: string[] = [];
  for (const record of records) {
    if (lines.push(jsonRecordText(record)) < linesWritten) continue;
    writeSync(file, `${lines.join("\n")}\n`);
    lines = [];
  }
  if (lines.length > 0) writeSync(file, `${lines.join("\n")}\n`);
  closeSync(file);
};

const readHistory = (path: string, sink: HistorySink): void => {
  const reader = new HistoryReader(sink);
  const file = openSync(path, "r");
  const chunk = new Uint8Array(1 << 20);
  for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk))
    reader.push(chunk.subarray(0, size));
  closeSync(file);
  reader.end();
};
