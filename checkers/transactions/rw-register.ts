/**
 * Elle's rw-register (Kingsbury and Alvaro, VLDB 2020, §5): transactions read and write registers, every value
 * written at most once per key. Who wrote what was read is plain; the order of versions is concluded (see
 * version-order.ts), from realtime too, so that a stale read shows even in a transaction of one read.
 *
 *   write-read   the writer of a version, and its readers.
 *   write-write  the writers of two versions of which one is older.
 *   read-write   the readers of a version, and the writers of those that came next.
 */
import type { HistoryRecord, ReadProblem } from "../exchange/history-record.ts";
import { findCycles } from "../graph/cycle-analysis.ts";
import { GraphBuilder } from "../graph/dependency-graph.ts";
import { edgeKind } from "../graph/edge-kind.ts";
import { cell, type Grouping, groupBy } from "../graph/integers.ts";
import type { Expectation } from "../models/compatibility.ts";
import { type Accesses, accessesOf } from "./register-accesses.ts";
import { findRegisterAnomalies, reportCyclicVersions } from "./register-anomalies.ts";
import { RegisterIntake } from "./register-intake.ts";
import { registerNarrator } from "./register-narrator.ts";
import { addOrders } from "./transaction-graph.ts";
import { TransactionIntake } from "./transaction-intake.ts";
import type { TransactionLog } from "./transaction-log.ts";
import { reportOn, strictSerializable, type TransactionReport } from "./transaction-report.ts";
import {
  defaultRegisterOptions,
  type RegisterOptions,
  type VersionOrder,
  type VersionPairs,
  versionOrder,
} from "./version-order.ts";

export class RwRegisterCheck {
  readonly #registers = new RegisterIntake();
  readonly #intake = new TransactionIntake((log, micro, transaction) =>
    this.#registers.read(log, micro, transaction),
  );

  add(record: HistoryRecord): void {
    this.#intake.add(record);
  }

  addProblem(problem: ReadProblem): void {
    this.#intake.addProblem(problem);
  }

  /** Judges what was added; to be called once. */
  finish(
    expectation: Expectation = strictSerializable,
    options: RegisterOptions = defaultRegisterOptions,
  ): TransactionReport {
    const intake = this.#intake;
    const registers = this.#registers;
    const { log } = intake;
    const { anomalies } = registers;
    intake.finish();
    if (registers.ambiguousCount > 0)
      intake.notes.add(`${registers.ambiguousCount} values were written to their key twice`);
    const accesses = accessesOf(log, registers.keys.length);
    findRegisterAnomalies(log, registers, accesses, options);
    const order = versionOrder({ log, intake: registers, accesses }, options, intake.isOrdered);
    const read = readersOf(accesses, registers);
    reportCyclicVersions(registers, order);
    if (order.leftOut > 0) intake.notes.add(`${order.leftOut} pairs of versions were too many to compare`);
    const builder = new GraphBuilder(log.count);
    addDataEdges(builder, log, registers, { order, read });
    const dependencyCount = builder.edgeCount;
    addConcludedEdges(builder, log, registers, { order, read });
    addOrders(builder, intake);
    const cycles = findCycles(builder.build(), registerNarrator(log, registers));
    anomalies.merge(cycles.counts, cycles.anomalies);
    return reportOn({ name: "rw-register", intake, anomalies, cycles, dependencyCount, expectation });
  }
}

type Readers = { readonly transactions: Int32Array; readonly byVersion: Grouping };

const readersOf = ({ transaction, read }: Accesses, registers: RegisterIntake): Readers => ({
  transactions: transaction,
  byVersion: groupBy(read, registers.values.length),
});

/** Readers of `version`, as nodes. */
const readers = ({ transactions, byVersion }: Readers, version: number): readonly number[] => {
  const nodes: number[] = [];
  for (let r = cell(byVersion.starts, version); r < cell(byVersion.starts, version + 1); r++)
    nodes.push(cell(transactions, cell(byVersion.items, r)));
  return nodes;
};

/** The transaction that left `version` behind, if it did or may have happened; -1 for none. */
const finalWriter = (log: TransactionLog, registers: RegisterIntake, version: number): number => {
  const writer = registers.writers.at(version);
  return writer >= 0 && log.mayHaveHappened(writer) && registers.isIntermediate.at(version) === 0
    ? writer
    : -1;
};

const addDataEdges = (
  builder: GraphBuilder,
  log: TransactionLog,
  registers: RegisterIntake,
  { order, read }: { readonly order: VersionOrder; readonly read: Readers },
): void => {
  const hasOlder = new Int32Array(registers.values.length);
  for (let place = 0; place < order.data.newer.length; place++) hasOlder[order.data.newer.at(place)] = 1;
  const roots: number[][] = registers.keys.map(() => []);
  for (let version = 0; version < registers.values.length; version++) {
    const writer = finalWriter(log, registers, version);
    if (writer < 0) continue;
    builder.addAll([writer], readers(read, version), edgeKind.wr);
    if (cell(hasOlder, version) === 0) roots[registers.keyOfVersion.at(version)]?.push(writer);
  }
  for (const [key, { initial }] of registers.keys.entries())
    builder.addAll(readers(read, initial), roots[key] ?? [], edgeKind.rw);
  addPairs(builder, log, registers, { pairs: order.data, read, ww: edgeKind.ww, rw: edgeKind.rw });
};

const addConcludedEdges = (
  builder: GraphBuilder,
  log: TransactionLog,
  registers: RegisterIntake,
  { order, read }: { readonly order: VersionOrder; readonly read: Readers },
): void => {
  const { wwProcess, rwProcess, wwRealtime, rwRealtime } = edgeKind;
  addPairs(builder, log, registers, { pairs: order.process, read, ww: wwProcess, rw: rwProcess });
  addPairs(builder, log, registers, { pairs: order.realtime, read, ww: wwRealtime, rw: rwRealtime });
};

const addPairs = (
  builder: GraphBuilder,
  log: TransactionLog,
  registers: RegisterIntake,
  { pairs, read, ww, rw }: { pairs: VersionPairs; read: Readers; ww: number; rw: number },
): void => {
  const newer = pairs.newer.view();
  const byOlder = groupBy(pairs.older.view(), registers.values.length);
  const seenFor = new Int32Array(registers.values.length).fill(-1);
  for (let older = 0; older < registers.values.length; older++) {
    const targets: number[] = [];
    for (let p = cell(byOlder.starts, older); p < cell(byOlder.starts, older + 1); p++) {
      const version = cell(newer, cell(byOlder.items, p));
      if (cell(seenFor, version) === older) continue;
      seenFor[version] = older;
      const target = finalWriter(log, registers, version);
      if (target >= 0) targets.push(target);
    }
    if (targets.length === 0) continue;
    const writer = finalWriter(log, registers, older);
    if (writer >= 0) builder.addAll([writer], targets, ww);
    builder.addAll(readers(read, older), targets, rw);
  }
};
