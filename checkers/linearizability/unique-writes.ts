/**
 * One register whose writes are all of different values: linearizable or not by zones, in O(n log n), and regular or
 * not by one pass (Lamport 1986; for many writers as in Shao, Pierce and Welch 2003: a read returns a write that no
 * other write followed entirely before the read began).
 */
import { cell } from "../graph/integers.ts";
import { operationKind } from "./register-history.ts";
import type { RegisterOperations } from "./register-search.ts";
import { type Zones, zoneConflicts, zonesBetween } from "./zones.ts";

export type RegisterAnomaly = {
  readonly type: "garbage-read" | "read-from-future" | "stale-read" | "new-old-inversion";
  /** Operations that show it: a read last. */
  readonly operations: readonly number[];
};

/** Value -> the operation that wrote it; undefined when writes repeat or anything is compared and set. */
export const uniqueWriters = ({
  kind,
  value,
}: RegisterOperations): ReadonlyMap<number, number> | undefined => {
  const writers = new Map<number, number>();
  for (let operation = 0; operation < kind.length; operation++) {
    if (cell(kind, operation) === operationKind.read) continue;
    const written = cell(value, operation);
    if (cell(kind, operation) !== operationKind.write || written === 0 || writers.has(written))
      return undefined;
    writers.set(written, operation);
  }
  return writers;
};

/** The first operation that met a value which none can have written, or -1. */
export const unfoundedOperation = ({ kind, value, expected, until }: RegisterOperations): number => {
  const written = new Set<number>([0]);
  for (let operation = 0; operation < kind.length; operation++) {
    const of = cell(kind, operation);
    if (of === operationKind.write || of === operationKind.compareAndSet) written.add(cell(value, operation));
  }
  return kind.findIndex((of, operation) => {
    if (of === operationKind.read) return !written.has(cell(value, operation));
    return (
      of === operationKind.compareAndSet &&
      cell(until, operation) >= 0 &&
      !written.has(cell(expected, operation))
    );
  });
};

const never = 0x7fffffff;

/** Everything wrong with the register, at most `limit` of each kind; nothing when it is linearizable. */
export const uniqueWriteAnomalies = (
  operations: RegisterOperations,
  writers: ReadonlyMap<number, number>,
  limit: number,
): readonly RegisterAnomaly[] => {
  const anomalies = unfoundedReads(operations, writers, limit);
  anomalies.push(...staleReads(operations, writers, limit));
  const { zones, clusters } = zonesOf(operations, writers);
  const conflicts = zoneConflicts(zones, anomalies.length === 0 ? limit : 0);
  for (const { first, second } of conflicts) {
    const early = clusters[first];
    const late = clusters[second];
    if (early === undefined || late === undefined) continue;
    anomalies.push({
      type: "new-old-inversion",
      operations: [...new Set([early.firstEnd, late.lastStart, late.firstEnd, early.lastStart])].filter(
        (o) => o >= 0,
      ),
    });
  }
  return anomalies;
};

const unfoundedReads = (
  { kind, value, from, until }: RegisterOperations,
  writers: ReadonlyMap<number, number>,
  limit: number,
): RegisterAnomaly[] => {
  const anomalies: RegisterAnomaly[] = [];
  for (let read = 0; read < kind.length && anomalies.length < limit; read++) {
    const seen = cell(value, read);
    if (cell(kind, read) !== operationKind.read || seen === 0) continue;
    const writer = writers.get(seen);
    if (writer === undefined) anomalies.push({ type: "garbage-read", operations: [read] });
    else if (cell(until, read) < cell(from, writer))
      anomalies.push({ type: "read-from-future", operations: [writer, read] });
  }
  return anomalies;
};

/** Reads of a value that was overwritten, from beginning to end, before the read began. */
const staleReads = (
  { kind, value, from, until }: RegisterOperations,
  writers: ReadonlyMap<number, number>,
  limit: number,
): readonly RegisterAnomaly[] => {
  const ended = Int32Array.from([...writers.values()].filter((writer) => cell(until, writer) >= 0)).toSorted(
    (a, b) => cell(until, a) - cell(until, b),
  );
  const lastBegun = new Int32Array(ended.length);
  for (let place = 0; place < ended.length; place++) {
    const before = place === 0 ? -1 : cell(lastBegun, place - 1);
    const writer = cell(ended, place);
    lastBegun[place] = before >= 0 && cell(from, before) > cell(from, writer) ? before : writer;
  }
  const anomalies: RegisterAnomaly[] = [];
  for (let read = 0; read < kind.length && anomalies.length < limit; read++) {
    if (cell(kind, read) !== operationKind.read) continue;
    const writer = cell(value, read) === 0 ? -1 : writers.get(cell(value, read));
    if (writer === undefined) continue;
    const writtenBy = writer < 0 ? -1 : cell(until, writer) < 0 ? never : cell(until, writer);
    const place = countBefore(ended, until, cell(from, read)) - 1;
    const newer = place < 0 ? -1 : cell(lastBegun, place);
    if (newer >= 0 && cell(from, newer) > writtenBy)
      anomalies.push({ type: "stale-read", operations: writer < 0 ? [newer, read] : [writer, newer, read] });
  }
  return anomalies;
};

/** How many of `ended`, in order of their ends, ended before `position`. */
const countBefore = (ended: Int32Array, until: Int32Array, position: number): number => {
  let low = 0;
  let high = ended.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell(until, cell(ended, middle)) < position) low = middle + 1;
    else high = middle;
  }
  return low;
};

type Cluster = { firstEnd: number; lastStart: number };

/** The zone of each value that was written or read, with the operations that bound it. Nil was there from the start. */
const zonesOf = (
  { kind, value, from, until }: RegisterOperations,
  writers: ReadonlyMap<number, number>,
): { readonly zones: Zones; readonly clusters: readonly Cluster[] } => {
  const places = new Map<number, number>([[0, 0]]);
  for (const written of writers.keys()) places.set(written, places.size);
  const end = new Float64Array(places.size).fill(Number.POSITIVE_INFINITY);
  const start = new Float64Array(places.size).fill(Number.NEGATIVE_INFINITY);
  const clusters = Array.from(places, (): Cluster => ({ firstEnd: -1, lastStart: -1 }));
  end[0] = -1;
  for (let operation = 0; operation < kind.length; operation++) {
    const place = places.get(cell(value, operation));
    const cluster = place === undefined ? undefined : clusters[place];
    if (place === undefined || cluster === undefined) continue;
    const ends = cell(until, operation);
    if (ends >= 0 && ends < (end[place] ?? 0)) {
      end[place] = ends;
      cluster.firstEnd = operation;
    }
    if (cell(from, operation) > (start[place] ?? 0)) {
      start[place] = cell(from, operation);
      cluster.lastStart = operation;
    }
  }
  return { zones: zonesBetween(end, start), clusters };
};
