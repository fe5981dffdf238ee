/**
 * Histories as JSON lines: one record a line with `type`, `process`, `f`, `value` and, if known, `time` and `index`.
 * What JSON has no word for (keywords, sets, bigger integers) is written as its EDN text and comes back as a string.
 */
import { type Datum, ednText, isSequence } from "./datum.ts";
import { type HistoryRecord, recordTypeNamed } from "./history-record.ts";

/** The record of one line, or what is wrong with it. */
export const parseJsonRecord = (text: string, line: number): HistoryRecord | string => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return "this is not JSON";
  }
  if (typeof parsed !== "object" || parsed === null) return "a record is an object";
  const fields = parsed as Readonly<Record<string, unknown>>;
  const type = typeof fields["type"] === "string" ? recordTypeNamed(withoutColon(fields["type"])) : undefined;
  if (type === undefined) return "a record's type is invoke, ok, fail or info";
  const process = fields["process"];
  if (typeof process !== "number" && typeof process !== "string")
    return "a record's process is a number or a name";
  const value = fields["value"];
  const { f, time, index } = fields;
  return {
    type,
    process,
    f: typeof f === "string" ? withoutColon(f) : "",
    value: isPlain(value) ? value : fromJson(value, 0),
    time: typeof time === "number" ? time : -1,
    index: typeof index === "number" ? index : -1,
    line,
  };
};

export const jsonRecordText = ({ type, process, f, value, time, index }: HistoryRecord): string =>
  JSON.stringify({
    ...(index < 0 ? {} : { index }),
    ...(time < 0 ? {} : { time }),
    type,
    process,
    f,
    value: toJson(value),
  });

const withoutColon = (name: string): string => (name.startsWith(":") ? name.slice(1) : name);

/** What is a datum as it stands: atoms, and lists to the depth a transaction has. */
const isPlain = (value: unknown): value is Datum => {
  if (value === null) return true;
  if (typeof value !== "object") return value !== undefined;
  return Array.isArray(value) && value.every(isPlainOperation);
};

const isPlainOperation = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return value !== undefined;
  if (!Array.isArray(value)) return false;
  for (const part of value) {
    if (typeof part !== "object" || part === null) continue;
    if (!Array.isArray(part) || part.some((item) => typeof item === "object" && item !== null)) return false;
  }
  return true;
};

/** Objects become maps; JSON.parse gives nothing that is not JSON, and no deeper than it could itself. */
const fromJson = (value: unknown, depth: number): Datum => {
  if (value === undefined || value === null || depth > 32) return null;
  if (Array.isArray(value)) return value.map((item: unknown) => fromJson(item, depth + 1));
  if (typeof value !== "object") return value as Datum;
  return {
    kind: "map",
    entries: Object.entries(value).map(([key, held]) => [key, fromJson(held, depth + 1)]),
  };
};

const toJson = (datum: Datum): unknown => {
  if (datum === null || typeof datum === "number" || typeof datum === "string" || typeof datum === "boolean")
    return datum;
  if (typeof datum === "bigint") return ednText(datum);
  if (isSequence(datum)) return datum.map(toJson);
  if (datum.kind === "set") return datum.items.map(toJson);
  if (datum.kind === "keyword") return datum.name;
  if (datum.kind !== "map") return ednText(datum);
  return Object.fromEntries(
    datum.entries.map(([key, value]) => [
      typeof key === "string" ? key : ednText(key).replace(/^:/, ""),
      toJson(value),
    ]),
  );
};
