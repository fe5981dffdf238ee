/**
 * What a known way to break a history that is right is, and the steps they are made of. Each takes the records and a source of choice, changes as little as it
 * needs, and says which anomaly the checker must name; undefined when the history offers no place for it.
 */
import type { Datum } from "../exchange/datum.ts";
import type { HistoryRecord } from "../exchange/history-record.ts";

type Operation = readonly [f: string, key: Datum, value: Datum];
type Records = readonly HistoryRecord[];
/** Chooses one of the members, the same for the same seed; undefined when there is none. */
export type Choose = <Member>(members: readonly Member[]) => Member | undefined;

export type Spoiling = {
  readonly name: string;
  readonly workload: "list-append" | "rw-register";
  readonly expected: string;
  readonly spoil: (records: Records, choose: Choose) => Records | undefined;
};

export const operationsOf = ({ value }: HistoryRecord): readonly Operation[] =>
  (value ?? []) as readonly Operation[];
export const listOf = (value: Datum): readonly Datum[] => (Array.isArray(value) ? value : []);

export type Place = {
  readonly record: number;
  readonly operation: number;
  readonly key: Datum;
  readonly value: Datum;
};

/** Every micro-operation `f` of an acknowledged transaction. */
export const places = (records: Records, f: string): readonly Place[] =>
  records.flatMap((record, number) =>
    record.type !== "ok"
      ? []
      : operationsOf(record).flatMap(([of, key, value], operation) =>
          of === f ? [{ record: number, operation, key, value }] : [],
        ),
  );

/** Reads whose key the transaction touches only once. */
export const loneReads = (records: Records): readonly Place[] =>
  places(records, "r").filter(({ record, key }) => {
    const touched = records[record];
    return touched !== undefined && operationsOf(touched).filter(([, other]) => other === key).length === 1;
  });

export const withValue = (records: Records, place: Place, value: Datum): Records =>
  records.map((record, number) =>
    number === place.record
      ? {
          ...record,
          value: operationsOf(record).map((one, at) =>
            at === place.operation ? [one[0], one[1], value] : one,
          ),
        }
      : record,
  );

/** The completion of the transaction that wrote `value` to `key`, in the given reads' sense. */
export const writerOf = (records: Records, f: string, key: Datum, value: Datum): number =>
  records.findIndex(
    (record) =>
      record.type === "ok" && operationsOf(record).some(([of, k, v]) => of === f && k === key && v === value),
  );

export const aborted = (records: Records, number: number): Records | undefined =>
  number < 0
    ? undefined
    : records.map((record, at) => (at === number ? { ...record, type: "fail" } : record));

/** Transactions added at the end, each `[process, value]`, all invoked before the first one completes. */
export const concurrently = (records: Records, ...values: readonly (readonly Operation[])[]): Records => {
  const added = values.map((value, place) => ({
    process: 10_000 + place,
    f: "txn",
    value,
    time: -1,
    index: -1,
  }));
  const invoked = added.map((one) => ({ ...one, type: "invoke" as const }));
  const answered = added.map((one) => ({ ...one, type: "ok" as const }));
  return [...records, ...invoked, ...answered].map((record, place) => ({ ...record, line: place + 1 }));
};

export const later = (records: Records, value: readonly Operation[]): Records => {
  const one = { process: 20_000, f: "txn", value, time: -1, index: -1, line: records.length + 1 };
  return [...records, { ...one, type: "invoke" }, { ...one, type: "ok" }];
};
