/**
 * Which version of a register came before which (Kingsbury and Alvaro 2020, §5.1). Registers do not show it, so it is
 * concluded, and what it was concluded from decides what a cycle may be called:
 *
 *   data      nil came first; a transaction that read one version and wrote another came in between (`writesFollow-
 *             Reads`); the store's own serial order, or the promise that each key is sequential or linearizable.
 *   process   a session that met one version and later another, if the model orders sessions.
 *   realtime  the same of any two operations of which one ended before the other began, if the model orders time.
 *
 * A promise about keys that contradicts what else is known is itself an anomaly, cyclic-versions, and is dropped for
 * those keys. The other two are only ever used for anomalies whose names say so.
 */
import { componentsOf } from "../graph/components.ts";
import { GraphBuilder } from "../graph/dependency-graph.ts";
import { edgeKind } from "../graph/edge-kind.ts";
import { cell, groupBy, IntegerList } from "../graph/integers.ts";
import { visitZoneOrder, type ZoneConflict, zoneConflicts } from "../linearizability/zones.ts";
import type { Accesses } from "./register-accesses.ts";
import type { RegisterIntake } from "./register-intake.ts";
import type { TransactionLog } from "./transaction-log.ts";
import { keyZones } from "./version-zones.ts";

export type RegisterOptions = {
  /** A transaction that read and wrote a key wrote on top of what it read. */
  readonly writesFollowReads: boolean;
  /** Each key is promised to be sequentially consistent, or linearizable, on its own. */
  readonly sequentialKeys: boolean;
  readonly linearizableKeys: boolean;
  /** Line of a transaction -> its place in the serial order that the store reports. */
  readonly serialOrder?: ReadonlyMap<number, number>;
  /** What a read of a value nobody wrote is: an anomaly, or a part of the state before the history began. */
  readonly unwrittenReads: "anomaly" | "initial-state";
};

export const defaultRegisterOptions: RegisterOptions = {
  writesFollowReads: true,
  sequentialKeys: false,
  linearizableKeys: false,
  unwrittenReads: "anomaly",
};

/** Pairs (older, newer) of versions, column by column. */
export class VersionPairs {
  readonly older = new IntegerList();
  readonly newer = new IntegerList();

  add(older: number, newer: number): void {
    if (older === newer) return;
    this.older.push(older);
    this.newer.push(newer);
  }

  addAll(pairs: VersionPairs): void {
    for (let place = 0; place < pairs.older.length; place++)
      this.add(pairs.older.at(place), pairs.newer.at(place));
  }
}

export type VersionOrder = {
  readonly data: VersionPairs;
  readonly process: VersionPairs;
  readonly realtime: VersionPairs;
  /** Keys whose promise was broken: one cycle of versions each. */
  readonly cyclic: readonly (readonly number[])[];
  /** Pairs left out because there were too many. */
  readonly leftOut: number;
};

export type Evidence = {
  readonly log: TransactionLog;
  readonly intake: RegisterIntake;
  readonly accesses: Accesses;
};

const pairLimit = 1 << 24;
const conflictLimit = 100;

export const versionOrder = (
  evidence: Evidence,
  options: RegisterOptions,
  isOrdered: boolean,
): VersionOrder => {
  const { intake } = evidence;
  const cyclic: (readonly number[])[] = [];
  const data = new VersionPairs();
  const extend = (pairs: VersionPairs): void => {
    const { fitting, cycles } = withoutCycles(intake, data, pairs);
    data.addAll(fitting);
    cyclic.push(...cycles);
  };
  if (options.writesFollowReads) extend(writesFollowReads(evidence));
  if (options.serialOrder !== undefined) extend(serialPairs(evidence, options.serialOrder));
  const process = sessionPairs(evidence);
  if (options.sequentialKeys) extend(process);
  const realtime = new VersionPairs();
  const zones = isOrdered ? realtimePairs(evidence, realtime) : { conflicts: [], leftOut: 0 };
  if (options.linearizableKeys) {
    cyclic.push(...zones.conflicts.map(({ first, second }) => [first, second]));
    extend(realtime);
  }
  const isBroken = new Set(cyclic.flat().map((version) => intake.keyOfVersion.at(version)));
  for (const { first, second } of zones.conflicts) {
    if (options.linearizableKeys) break;
    realtime.add(first, second);
    realtime.add(second, first);
  }
  return {
    data,
    process: options.sequentialKeys ? new VersionPairs() : ofKeysNotIn(isBroken, intake, process),
    realtime: options.linearizableKeys ? new VersionPairs() : ofKeysNotIn(isBroken, intake, realtime),
    cyclic,
    leftOut: zones.leftOut,
  };
};

const ofKeysNotIn = (
  keys: ReadonlySet<number>,
  intake: RegisterIntake,
  pairs: VersionPairs,
): VersionPairs => {
  if (keys.size === 0) return pairs;
  const kept = new VersionPairs();
  for (let place = 0; place < pairs.older.length; place++) {
    const older = pairs.older.at(place);
    if (!keys.has(intake.keyOfVersion.at(older))) kept.add(older, pairs.newer.at(place));
  }
  return kept;
};

const writesFollowReads = ({ log, accesses }: Evidence): VersionPairs => {
  const pairs = new VersionPairs();
  for (let access = 0; access < accesses.count; access++) {
    const read = cell(accesses.read, access);
    const written = cell(accesses.written, access);
    if (read >= 0 && written >= 0 && log.isOk(cell(accesses.transaction, access))) pairs.add(read, written);
  }
  return pairs;
};

/** Versions in the order in which their writers were serialised. */
const serialPairs = ({ log, accesses }: Evidence, order: ReadonlyMap<number, number>): VersionPairs => {
  const pairs = new VersionPairs();
  const placeOf = (access: number): number =>
    order.get(log.lines.at(cell(accesses.transaction, access))) ?? Number.POSITIVE_INFINITY;
  const writes = Array.from({ length: accesses.count }, (_, access) => access).filter(
    (access) => cell(accesses.written, access) >= 0 && Number.isFinite(placeOf(access)),
  );
  const last = new Map<number, number>();
  for (const access of writes.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    if (!log.mayHaveHappened(cell(accesses.transaction, access))) continue;
    const key = cell(accesses.key, access);
    const before = last.get(key);
    if (before !== undefined) pairs.add(before, cell(accesses.written, access));
    last.set(key, cell(accesses.written, access));
  }
  return pairs;
};

/** What each session met last of a key, and then next. */
const sessionPairs = ({ log, intake, accesses }: Evidence): VersionPairs => {
  const pairs = new VersionPairs();
  const sessions = new Map<number, number>();
  const sessionOf = new Int32Array(accesses.count);
  for (let access = 0; access < accesses.count; access++) {
    const process = log.processes.at(cell(accesses.transaction, access));
    const known = sessions.get(process) ?? sessions.size;
    if (known === sessions.size) sessions.set(process, known);
    sessionOf[access] = known;
  }
  const { starts, items } = groupBy(sessionOf, sessions.size);
  const met = new Int32Array(intake.keys.length);
  const metBy = new Int32Array(intake.keys.length).fill(-1);
  for (let session = 0; session < sessions.size; session++) {
    for (let place = cell(starts, session); place < cell(starts, session + 1); place++) {
      const access = cell(items, place);
      const transaction = cell(accesses.transaction, access);
      if (!log.mayHaveHappened(transaction)) continue;
      const key = cell(accesses.key, access);
      const read = cell(accesses.read, access);
      const written = cell(accesses.written, access);
      if (cell(metBy, key) === session) pairs.add(cell(met, key), read >= 0 ? read : written);
      if (!log.isOk(transaction)) continue;
      met[key] = written >= 0 ? written : read;
      metBy[key] = session;
    }
  }
  return pairs;
};

/** Fills `pairs` with the realtime order of the keys that have one; returns the conflicts of the others. */
const realtimePairs = (
  { log, intake, accesses }: Evidence,
  pairs: VersionPairs,
): { readonly conflicts: readonly ZoneConflict[]; readonly leftOut: number } => {
  const conflicts: ZoneConflict[] = [];
  let leftOut = 0;
  for (const { zones, versions } of keyZones(log, intake, accesses)) {
    const global = (version: number): number => cell(versions, version);
    const found = zoneConflicts(zones, conflictLimit);
    for (const { first, second } of found) conflicts.push({ first: global(first), second: global(second) });
    if (found.length > 0) continue;
    const left = visitZoneOrder(zones, pairLimit - pairs.older.length, (older, newer) =>
      pairs.add(global(older), global(newer)),
    );
    leftOut += left;
  }
  return { conflicts, leftOut };
};

/** Splits `more` into the pairs of keys that stay acyclic beside `known`, and a cycle of each key that does not. */
const withoutCycles = (
  intake: RegisterIntake,
  known: VersionPairs,
  more: VersionPairs,
): { readonly fitting: VersionPairs; readonly cycles: readonly (readonly number[])[] } => {
  const builder = new GraphBuilder(intake.values.length);
  for (const pairs of [known, more])
    for (let place = 0; place < pairs.older.length; place++)
      builder.addEdge(pairs.older.at(place), pairs.newer.at(place), edgeKind.version);
  const { of, count } = componentsOf(builder.build(), edgeKind.version);
  const broken = new Map<number, readonly number[]>();
  if (count < intake.values.length) {
    const { starts, items } = groupBy(of, count);
    for (let component = 0; component < count; component++) {
      const members = items.subarray(cell(starts, component), cell(starts, component + 1));
      if (members.length > 1) broken.set(intake.keyOfVersion.at(cell(members, 0)), [...members]);
    }
  }
  for (let place = 0; place < more.newer.length; place++) {
    const newer = more.newer.at(place);
    const key = intake.keyOfVersion.at(newer);
    if (intake.keys[key]?.initial === newer && !broken.has(key))
      broken.set(key, [more.older.at(place), newer]);
  }
  return { fitting: ofKeysNotIn(new Set(broken.keys()), intake, more), cycles: [...broken.values()] };
};
