/** Jepsen's operations as EDN maps: `{:type :invoke, :process 0, :f :txn, :value [[:append 1 2]], :time 12, :index 0}`. */
import { type Datum, ednText, entriesOf, isSequence, keyword, nameOf } from "./datum.ts";
import { parseEdn } from "./edn-parser.ts";
import { type HistoryRecord, recordTypeNamed } from "./history-record.ts";

/** The record of one form's text, or what is wrong with it. */
export const parseEdnRecord = (text: string, line: number): HistoryRecord | string => {
  const parsed = parseEdn(text);
  if (parsed.type === "problem") return parsed.reason;
  const entries = entriesOf(untagged(parsed.datum));
  if (entries === undefined) return "a record is a map";
  const fields = new Map(entries.map(([key, value]) => [nameOf(key) ?? "", value]));
  const type = recordTypeNamed(nameOf(fields.get("type")));
  if (type === undefined) return "a record's :type is :invoke, :ok, :fail or :info";
  const process = fields.get("process");
  const name = typeof process === "number" ? process : nameOf(process);
  if (name === undefined) return "a record's :process is a number or a name";
  return {
    type,
    process: name,
    f: nameOf(fields.get("f")) ?? "",
    value: untagged(fields.get("value") ?? null),
    time: numberOr(fields.get("time")),
    index: numberOr(fields.get("index")),
    line,
  };
};

const untagged = (datum: Datum): Datum =>
  datum !== null && typeof datum === "object" && !isSequence(datum) && datum.kind === "tagged"
    ? datum.value
    : datum;

const numberOr = (datum: Datum | undefined): number => (typeof datum === "number" ? datum : -1);

/** One map on one line. Functions of micro-operations, which JSON has as strings, become keywords. */
export const ednRecordText = ({ type, process, f, value, time, index }: HistoryRecord): string => {
  const fields: [string, Datum][] = [
    ["type", keyword(type)],
    ["process", typeof process === "number" ? process : keyword(process)],
    ["f", f === "" ? null : keyword(f)],
    ["value", f === "txn" && isSequence(value) ? value.map(withKeyword) : value],
    ...(time < 0 ? [] : [["time", time] satisfies [string, Datum]]),
    ...(index < 0 ? [] : [["index", index] satisfies [string, Datum]]),
  ];
  return ednText({ kind: "map", entries: fields.map(([name, field]) => [keyword(name), field]) });
};

const withKeyword = (operation: Datum): Datum => {
  if (!isSequence(operation) || typeof operation[0] !== "string") return operation;
  return [keyword(operation[0]), ...operation.slice(1)];
};
