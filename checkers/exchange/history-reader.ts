/**
 * Reads a history of any format as its bytes come in, one record after another: nothing is kept but the record that
 * is not complete yet, and that may not be larger than `recordLimit`. The format shows in the first character:
 *
 *   {"…      JSON lines        {:…  #…   EDN, one map after another        [   EDN, one vector of maps
 *   others   a Jepsen text log
 *
 * Whatever cannot be read is a problem with its line; reading goes on behind it.
 */
import { parseEdnRecord } from "./edn-records.ts";
import { FormSplitter } from "./form-splitter.ts";
import { type HistoryRecord, type ReadProblem, recordLimit } from "./history-record.ts";
import { parseJepsenLogLine } from "./jepsen-log.ts";
import { parseJsonRecord } from "./json-lines.ts";

export type HistoryFormat = "json-lines" | "edn" | "jepsen-log";

export type HistorySink = {
  readonly add: (record: HistoryRecord) => void;
  readonly addProblem: (problem: ReadProblem) => void;
};

export class HistoryReader {
  readonly #sink: HistorySink;
  readonly #decoder = new TextDecoder();
  #format: HistoryFormat | undefined;
  #rest = "";
  #line = 1;
  readonly #forms = new FormSplitter();

  /** `format` when it is known better than the first character tells. */
  constructor(sink: HistorySink, format?: HistoryFormat) {
    this.#sink = sink;
    this.#format = format;
  }

  push(chunk: Uint8Array): void {
    this.#pushText(this.#decoder.decode(chunk, { stream: true }));
  }

  /** No more bytes will come. What is left is a record without its end, or the last line without its newline. */
  end(): void {
    this.#pushText(this.#decoder.decode());
    if (this.#format === "edn") {
      if (this.#forms.isOpen) this.#problem(this.#forms.line, "the file ends in the middle of a form", true);
      return;
    }
    if (this.#rest.trim() === "") return;
    const record = this.#parseLine(this.#rest);
    if (typeof record === "string") this.#problem(this.#line, record, true);
    else if (record !== undefined) this.#sink.add(record);
  }

  #pushText(text: string): void {
    if (this.#format === undefined) {
      this.#rest += text;
      this.#format = formatOf(this.#rest);
      if (this.#format === undefined) return;
      const all = this.#rest;
      this.#rest = "";
      this.#pushText(all);
    } else if (this.#format === "edn") {
      for (const { text: form, line } of this.#forms.push(text))
        this.#deliver(parseEdnRecord(form, line), line);
    } else this.#pushLines(text);
  }

  #pushLines(text: string): void {
    let from = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      const line = this.#rest === "" ? text.slice(from, end) : this.#rest + text.slice(from, end);
      this.#rest = "";
      from = end + 1;
      if (line !== "" && line !== "\r") this.#deliver(this.#parseLine(line), this.#line);
      this.#line++;
    }
    this.#rest += text.slice(from);
    if (this.#rest.length <= recordLimit) return;
    this.#problem(this.#line, `a line is longer than ${recordLimit} characters`, false);
    this.#rest = "";
  }

  #parseLine(line: string): HistoryRecord | string | undefined {
    return this.#format === "jepsen-log"
      ? parseJepsenLogLine(line, this.#line)
      : parseJsonRecord(line, this.#line);
  }

  #deliver(record: HistoryRecord | string | undefined, line: number): void {
    if (typeof record === "string") this.#problem(line, record, false);
    else if (record !== undefined) this.#sink.add(record);
  }

  #problem(line: number, reason: string, isTorn: boolean): void {
    this.#sink.addProblem({ line, reason, isTorn });
  }
}

/** Undefined as long as too little is known. */
const formatOf = (text: string): HistoryFormat | undefined => {
  const start = text.trimStart();
  if (start.length < 2) return undefined;
  if (/^\{\s*"/.test(start)) return "json-lines";
  return /^[{[#;(]/.test(start) ? "edn" : "jepsen-log";
};
