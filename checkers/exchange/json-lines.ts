/**
 * Histories as JSON lines: one record a line with `type`, `process`, `f`, `value` and, if known, `time` and `index`.
 * What JSON has no word for (keywords, sets, bigger integers) is written as its EDN text and comes back as a string.
 */
import { type Datum, depthLimit, ednText, isSequence } from "./datum.ts";
import { type HistoryRecord, recordTypeNamed } from "./history-record.ts";

/** The record of one line, or what is wrong with it. */
export const parseJsonRecord = (text: string, line: number): HistoryRecord | string =>
  quickRecord(text, line) ?? wholeRecord(text, line);

/**
 * The usual line, `value` last and nothing nested before it, without a look at all of it: of an invocation the value
 * is only parsed if it is asked for, which for most is never. A quote within a JSON string has a backslash before it,
 * so `"type":"` is found in no string. Undefined for any other line.
 */
const quickRecord = (text: string, line: number): HistoryRecord | undefined => {
  const end = text.indexOf('"value":');
  if (end < 0 || text.charCodeAt(text.length - 1) !== closingBrace) return undefined;
  const head = text.slice(0, end);
  if (head.includes("[") || head.includes("\\") || head.includes("{", 1)) return undefined;
  const type = recordTypeNamed(stringField(head, '"type":"'));
  const process = numberField(head, '"process":');
  const f = stringField(head, '"f":"') ?? "";
  const time = numberField(head, '"time":', -1);
  const index = numberField(head, '"index":', -1);
  if (type === undefined || Number.isNaN(process + time + index)) return undefined;
  const valueText = text.slice(end + '"value":'.length, -1);
  if (type === "invoke") return new LazyRecord({ type, process, f, time, index, line }, valueText);
  const value = parsedValue(valueText);
  return value === undefined ? undefined : { type, process, f, value, time, index, line };
};

const stringField = (head: string, name: string): string | undefined => {
  const at = head.indexOf(name);
  return at < 0 ? undefined : head.slice(at + name.length, head.indexOf('"', at + name.length));
};

/** Digits up to a comma; NaN for anything else. */
const numberField = (head: string, name: string, missing = Number.NaN): number => {
  const at = head.indexOf(name);
  if (at < 0) return missing;
  let number = 0;
  for (let place = at + name.length; place < head.length; place++) {
    const digit = head.charCodeAt(place) - zero;
    if (digit < 0 || digit > 9) return head.charCodeAt(place) === comma ? number : Number.NaN;
    number = number * 10 + digit;
  }
  return number;
};

const closingBrace = 125;
const comma = 44;
const zero = 48;

/** Undefined when the text is no value: then there are more fields behind it, or it is not JSON. */
const parsedValue = (text: string): Datum | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isPlain(value) ? value : isShallow(value, 0) ? fromJson(value) : undefined;
  } catch {
    return undefined;
  }
};

class LazyRecord implements HistoryRecord {
  readonly type: HistoryRecord["type"];
  readonly process: number | string;
  readonly f: string;
  readonly time: number;
  readonly index: number;
  readonly line: number;
  readonly #text: string;

  constructor(head: Omit<HistoryRecord, "value">, text: string) {
    this.type = head.type;
    this.process = head.process;
    this.f = head.f;
    this.time = head.time;
    this.index = head.index;
    this.line = head.line;
    this.#text = text;
  }

  /** What could not be parsed is a symbol, which no workload takes for a value. */
  get value(): Datum {
    const value = parsedValue(this.#text);
    return value === undefined ? { kind: "symbol", name: "unreadable" } : value;
  }
}

const wholeRecord = (text: string, line: number): HistoryRecord | string => {
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
  if (!isPlain(value) && !isShallow(value, 0)) return `data is nested deeper than ${depthLimit} levels`;
  const { f, time, index } = fields;
  return {
    type,
    process,
    f: typeof f === "string" ? withoutColon(f) : "",
    value: isPlain(value) ? value : fromJson(value),
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

const isShallow = (value: unknown, depth: number): boolean =>
  depth <= depthLimit &&
  (typeof value !== "object" ||
    value === null ||
    Object.values(value).every((held: unknown) => isShallow(held, depth + 1)));

/** Objects become maps. Only for what `isShallow`. */
const fromJson = (value: unknown): Datum => {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object") return value as Datum;
  return { kind: "map", entries: Object.entries(value).map(([key, held]) => [key, fromJson(held)]) };
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
