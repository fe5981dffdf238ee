/**
 * Text logs of old Jepsen runs: `INFO  jepsen.util - 3	:invoke	:cas	[3 0]`, one event a line, fields separated by
 * tabs, the value in EDN. Lines that are no event are passed over.
 */
import { parseEdn } from "./edn-parser.ts";
import { type HistoryRecord, recordTypeNamed } from "./history-record.ts";

/** The record of one line, undefined for a line that tells no event, or what is wrong with it. */
export const parseJepsenLogLine = (text: string, line: number): HistoryRecord | string | undefined => {
  const [head, typeField, f, valueField] = text.split("\t");
  const type = recordTypeNamed(typeField?.trim().slice(1));
  const process = /(?:^|\s)(:?[\w-]+)\s*$/.exec(head ?? "")?.[1];
  if (type === undefined || process === undefined) return undefined;
  const parsed = parseEdn(valueField?.trim() ?? "nil");
  if (parsed.type === "problem") return parsed.reason;
  return {
    type,
    process: /^\d+$/.test(process) ? Number(process) : process,
    f: f?.trim().replace(/^:/, "") ?? "",
    value: parsed.datum,
    time: -1,
    index: -1,
    line,
  };
};
