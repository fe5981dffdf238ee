/**
 * Elle's list-append (Kingsbury and Alvaro, VLDB 2020, §4): transactions append unique elements to lists and read
 * whole lists, so that every read shows which write came after which. Linear in the history but for anomalies.
 *
 *   write-write  the writers of two neighbours in a list's order; the last one and every append no read shows.
 *   write-read   the writer of a read's last element, and the reader.
 *   read-write   the reader of a version, and the writer of the next one.
 */
import type { HistoryRecord, ReadProblem } from "../exchange/history-record.ts";
import { findCycles } from "../graph/cycle-analysis.ts";
import { GraphBuilder } from "../graph/dependency-graph.ts";
import { edgeKind } from "../graph/edge-kind.ts";
import { cell } from "../graph/integers.ts";
import type { Expectation } from "../models/compatibility.ts";
import { findListAnomalies } from "./list-anomalies.ts";
import { ListIntake } from "./list-intake.ts";
import { listNarrator } from "./list-narrator.ts";
import { type ListVersions, listVersions, versionRead } from "./list-versions.ts";
import { addOrders } from "./transaction-graph.ts";
import { TransactionIntake } from "./transaction-intake.ts";
import { isWrite, keyOf, type TransactionLog } from "./transaction-log.ts";
import { reportOn, strictSerializable, type TransactionReport } from "./transaction-report.ts";

export class ListAppendCheck {
  readonly #lists = new ListIntake();
  readonly #intake = new TransactionIntake((log, micro, transaction) =>
    this.#lists.read(log, micro, transaction),
  );

  add(record: HistoryRecord): void {
    this.#intake.add(record);
  }

  addProblem(problem: ReadProblem): void {
    this.#intake.addProblem(problem);
  }

  /** Judges what was added; to be called once. */
  finish(expectation: Expectation = strictSerializable): TransactionReport {
    const intake = this.#intake;
    const lists = this.#lists;
    intake.finish();
    if (lists.ambiguousCount > 0)
      intake.notes.add(`${lists.ambiguousCount} elements were appended to their key twice`);
    const versions = listVersions(intake.log, lists);
    const { anomalies } = lists;
    findListAnomalies({ log: intake.log, intake: lists, versions, anomalies });
    const builder = new GraphBuilder(intake.log.count);
    addListEdges(builder, intake.log, lists, versions);
    const dependencyCount = builder.edgeCount;
    addOrders(builder, intake);
    const cycles = findCycles(builder.build(), listNarrator(intake.log, lists, versions));
    anomalies.merge(cycles.counts, cycles.anomalies);
    return reportOn({ name: "list-append", intake, anomalies, cycles, dependencyCount, expectation });
  }
}

/** The data's own dependencies, between transactions that did or may have happened. */
const addListEdges = (
  builder: GraphBuilder,
  log: TransactionLog,
  lists: ListIntake,
  versions: ListVersions,
): void => {
  const writers = writersOf(log, lists, versions);
  const readersOfLast = addReadEdges(builder, log, versions, writers);
  for (let key = 0; key < lists.keys.length; key++) {
    let last = -1;
    for (let version = cell(versions.first, key) + 1; version < cell(versions.first, key + 1); version++) {
      const writer = cell(writers.of, version);
      if (writer < 0) continue;
      if (last >= 0) builder.addEdge(last, writer, edgeKind.ww);
      last = writer;
    }
    const unseen = versions.unseen.get(key);
    if (unseen === undefined) continue;
    const targets = [...new Set(unseen.map((append) => lists.appendTransactions.at(append)))];
    if (last >= 0) builder.addAll([last], targets, edgeKind.ww);
    builder.addAll([...new Set(readersOfLast.get(key))], targets, edgeKind.rw);
  }
};

/** Version -> the transaction that wrote it, and the one that wrote the next known one of the same key; -1 for none. */
type Writers = { readonly of: Int32Array; readonly next: Int32Array };

const writersOf = (log: TransactionLog, lists: ListIntake, versions: ListVersions): Writers => {
  const of = new Int32Array(versions.appendOf.length).fill(-1);
  const next = new Int32Array(versions.appendOf.length).fill(-1);
  for (let key = lists.keys.length - 1; key >= 0; key--) {
    let following = -1;
    for (let version = cell(versions.first, key + 1) - 1; version >= cell(versions.first, key); version--) {
      next[version] = following;
      const append = cell(versions.appendOf, version);
      const writer = append < 0 ? -1 : lists.appendTransactions.at(append);
      if (writer < 0 || !log.mayHaveHappened(writer) || cell(versions.versionOf, append) !== version)
        continue;
      of[version] = writer;
      following = writer;
    }
  }
  return { of, next };
};

/** Adds the edges into and out of reads; returns key -> readers of its last known version, where appends are unseen. */
const addReadEdges = (
  builder: GraphBuilder,
  log: TransactionLog,
  versions: ListVersions,
  writers: Writers,
): ReadonlyMap<number, readonly number[]> => {
  const readersOfLast = new Map<number, number[]>();
  for (let transaction = 0; transaction < log.count; transaction++) {
    for (let place = log.starts.at(transaction); place < log.starts.at(transaction + 1); place++) {
      const code = log.codes.at(place);
      if (isWrite(code)) continue;
      const key = keyOf(code);
      const version = versionRead(versions, key, log.values.at(place));
      if (version < 0) continue;
      const writer = cell(writers.of, version);
      if (writer === transaction) continue;
      if (writer >= 0) builder.addEdge(writer, transaction, edgeKind.wr);
      const next = cell(writers.next, version);
      if (next >= 0) builder.addEdge(transaction, next, edgeKind.rw);
      else if (versions.unseen.has(key)) {
        const readers = readersOfLast.get(key);
        if (readers === undefined) readersOfLast.set(key, [transaction]);
        else readers.push(transaction);
      }
    }
  }
  return readersOfLast;
};
