/**
 * How fast the checkers of any store's histories are: generated histories of known size, written as JSON lines, read
 * back and judged. The only file of the room that touches disk, clock and process. What is counted is the time of all
 * of the process's threads, so that other work on the machine disturbs it little; memory is the most the process ever
 * held, so a case that is to be measured alone is run alone.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cartCheckers } from "./cart-checkers.ts";
import { HistoryReader, type HistorySink } from "./exchange/history-reader.ts";
import type { HistoryRecord } from "./exchange/history-record.ts";
import { jsonRecordText } from "./exchange/json-lines.ts";
import { defaultCarts, generatedCarts } from "./generated-carts.ts";
import { HistoryBuilder } from "./history/history.ts";
import { encodeEvent, RecordReader } from "./history/journal.ts";
import { judge as judgeRun } from "./judge.ts";
import { generatedRegisters, type RegisterLoad } from "./linearizability/generated-registers.ts";
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

/** Takes the bytes of a file, then judges what they say. */
type Judge = {
  readonly push: (chunk: Uint8Array) => void;
  readonly end: () => void;
  readonly judge: () => Pick<Verdict, "type" | "summary">;
};

type BenchCase = {
  readonly name: string;
  readonly aim: string;
  /** The file's bytes, piece by piece. */
  readonly content: () => Iterable<Uint8Array>;
  readonly judge: () => Judge;
};

const jsonLines = function* (records: Iterable<HistoryRecord>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const record of records) yield encoder.encode(`${jsonRecordText(record)}\n`);
};

const transactions = (load: Partial<GeneratedLoad>) => (): Iterable<Uint8Array> =>
  jsonLines(generatedHistory({ ...defaultLoad, clients: 20, ...load }));

const registersOf = (load: Partial<RegisterLoad>) => (): Iterable<Uint8Array> =>
  jsonLines(
    generatedRegisters({
      seed: 1,
      unansweredPerMille: 0,
      operationCount: 1000,
      keys: 1,
      clients: 50,
      ...load,
    }),
  );

const carts = (requestCount: number) =>
  function* (): Generator<Uint8Array> {
    for (const event of generatedCarts({ ...defaultCarts, requestCount })) yield encodeEvent(event);
  };

/** A journal before all cart checkers. A generated run has no faults, so one that says no more than that passes. */
const cartJudge = (): Judge => {
  const builder = new HistoryBuilder();
  const journal = new RecordReader(builder);
  return {
    // The reader keeps the end of a chunk, whose memory is read into again.
    push: (chunk) => journal.push(chunk.slice()),
    end: () => journal.end(),
    judge: () => judgeRun(builder.history(), cartCheckers),
  };
};

const listAppend = (): Judge => {
  const check = new ListAppendCheck();
  return judgeOf(check, () => check.finish().verdict);
};

const rwRegister = (linearizableKeys: boolean) => (): Judge => {
  const check = new RwRegisterCheck();
  const options = { ...defaultRegisterOptions, linearizableKeys };
  return judgeOf(check, () => check.finish(strictSerializable, options).verdict);
};

const register = (): Judge => {
  const history = new RegisterHistory({ keys: "tuple", failedCompareAndSet: "nothing" });
  const budget = { now: () => performance.now(), timeLimitMs: 60_000, memoryWords: 1 << 26 };
  const judge = (): Verdict => {
    history.finish();
    return judgeRegisters(history, "linearizable", budget);
  };
  return judgeOf(history, judge);
};

const judgeOf = (sink: HistorySink, judge: () => Verdict): Judge => {
  const reader = new HistoryReader(sink);
  return { push: (chunk) => reader.push(chunk), end: () => reader.end(), judge };
};

export const benchCases: readonly BenchCase[] = [
  {
    name: "list-append, 100,000 transactions, strict-serializable",
    aim: "1.5 s, cold",
    content: transactions({ transactionCount: 100_000 }),
    judge: listAppend,
  },
  {
    name: "list-append, 1,000,000",
    aim: "15 s of CPU, 2 GB",
    content: transactions({ transactionCount: 1_000_000 }),
    judge: listAppend,
  },
  {
    name: "rw-register, 1,000,000",
    aim: "12 s of CPU, 2 GB",
    content: transactions({ transactionCount: 1_000_000, workload: "rw-register" }),
    judge: rwRegister(false),
  },
  {
    name: "rw-register with realtime per key, 10,000 single-operation transactions",
    aim: "0.3 s",
    content: transactions({
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
    content: registersOf({ operationCount: 1_000_000, keys: 100 }),
    judge: register,
  },
  {
    name: "one hot register key, 10,000 operations, 50 clients, unique writes",
    aim: "0.1 s",
    content: registersOf({ operationCount: 10_000 }),
    judge: register,
  },
  {
    name: "one strongly connected component of 10,000 transactions",
    aim: "1 s",
    content: transactions({
      transactionCount: 10_000,
      staleElements: 3,
      abortedPerMille: 0,
      unansweredPerMille: 0,
    }),
    judge: listAppend,
  },
  {
    name: "100,000 cart operations, all cart checkers",
    aim: "a twelfth of a million's at least",
    content: carts(100_000),
    judge: cartJudge,
  },
  {
    name: "1,000,000 cart operations, all cart checkers",
    aim: "30 s of CPU, 1 GB",
    content: carts(1_000_000),
    judge: cartJudge,
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

const benchCase = ({ name, aim, content, judge }: BenchCase, directory: string): BenchResult => {
  const path = join(directory, "history");
  writeHistory(path, content());
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

const bytesWritten = 1 << 20;

const writeHistory = (path: string, content: Iterable<Uint8Array>): void => {
  const file = openSync(path, "w");
  let pieces: Uint8Array[] = [];
  let size = 0;
  const flush = (): void => {
    writeSync(file, Buffer.concat(pieces));
    pieces = [];
    size = 0;
  };
  for (const piece of content) {
    pieces.push(piece);
    size += piece.length;
    if (size >= bytesWritten) flush();
  }
  flush();
  closeSync(file);
};

const readHistory = (path: string, judge: Judge): void => {
  const file = openSync(path, "r");
  const chunk = new Uint8Array(1 << 20);
  for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk))
    judge.push(chunk.subarray(0, size));
  closeSync(file);
  judge.end();
};
