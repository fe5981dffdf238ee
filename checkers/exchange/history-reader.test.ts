import { describe, expect, it } from "vitest";
import { ednRecordText } from "./edn-records.ts";
import { HistoryReader } from "./history-reader.ts";
import type { HistoryRecord, ReadProblem } from "./history-record.ts";
import { jsonRecordText } from "./json-lines.ts";

/** Feeds the text in pieces of `size` bytes. */
const read = (text: string, size = 1 << 20) => {
  const records: HistoryRecord[] = [];
  const problems: ReadProblem[] = [];
  const reader = new HistoryReader({ add: (r) => records.push(r), addProblem: (p) => problems.push(p) });
  const bytes = new TextEncoder().encode(text);
  for (let from = 0; from < bytes.length; from += size) reader.push(bytes.subarray(from, from + size));
  reader.end();
  return { records: records.map((record) => ({ ...record, value: record.value })), problems };
};

const transaction = {
  type: "ok",
  process: 3,
  f: "txn",
  value: [
    ["append", "x", 1],
    ["r", "y", [1, 2]],
  ],
  time: 17,
  index: 4,
  line: 1,
} as const;

describe("a history", () => {
  it("is read from JSON lines with the fields in any order", () => {
    const { records, problems } = read(
      [
        '{"index":4,"time":17,"type":"ok","process":3,"f":"txn","value":[["append","x",1],["r","y",[1,2]]]}',
        '{"value":[["append","x",1],["r","y",[1,2]]],"f":"txn","process":3,"type":"ok","time":17,"index":4}',
        '{"type":"ok","process":3,"f":"txn","time":17,"index":4,"value":[["append","x",1],["r","y",[1,2]]],"error":"late"}',
      ].join("\n"),
    );

    expect(problems).toEqual([]);
    expect(records).toEqual([1, 2, 3].map((line) => ({ ...transaction, line })));
  });

  it("does not take a value that talks of types for a type", () => {
    const { records } = read('{"process":1,"f":"w","value":"\\"type\\":\\"fail\\"","type":"ok"}\n');

    expect(records[0]).toMatchObject({ type: "ok", value: '"type":"fail"' });
  });

  it("is read from EDN, one map after another or in one vector, whatever the pieces it comes in", () => {
    const map = "{:index 4, :time 17, :type :ok, :process 3, :f :txn, :value [[:append :x 1] [:r :y [1 2]]]}";
    const expected = read(map).records[0]?.value;

    for (const size of [1, 7, 64, 4096]) {
      expect(read(`${map}\n;; a comment with a } in it\n#jepsen.history.Op${map}`, size)).toEqual({
        problems: [],
        records: [
          { ...transaction, value: expected, line: 1 },
          { ...transaction, value: expected, line: 3 },
        ],
      });
      expect(read(`[${map}\n ${map}]\n`, size).records.map(({ line }) => line)).toEqual([1, 2]);
    }
  });

  it("is read from a Jepsen text log", () => {
    const { records } = read(
      "INFO  jepsen.util - 3\t:invoke\t:cas\t[3 0]\nINFO  jepsen.util - 3\t:info\t:cas\t:timed-out\nsome other line\n",
    );

    expect(records.map(({ type, process, f, value }) => ({ type, process, f, value }))).toEqual([
      { type: "invoke", process: 3, f: "cas", value: [3, 0] },
      { type: "info", process: 3, f: "cas", value: { kind: "keyword", name: "timed-out" } },
    ]);
  });

  it("comes back the same from the EDN and the JSON it is written as", () => {
    expect(read(`${jsonRecordText(transaction)}\n`).records).toEqual([transaction]);
    expect(ednRecordText(transaction)).toBe(
      '{:type :ok, :process 3, :f :txn, :value [[:append "x" 1] [:r "y" [1 2]]], :time 17, :index 4}',
    );
    const back = read(ednRecordText(transaction)).records;
    expect(back.map(ednRecordText)).toEqual([ednRecordText(transaction)]);
  });
});

describe("an invocation in JSON lines", () => {
  it("has the value it was written with, though it is only parsed when asked for", () => {
    const lines = ["null", "0", "[[1,2]]"].map(
      (value) => `{"type":"invoke","process":1,"f":"r","value":${value}}`,
    );

    expect(read(lines.join("\n")).records.map(({ value }) => value)).toEqual([null, 0, [[1, 2]]]);
  });
});

describe("what cannot be read", () => {
  it("is told with its line, and reading goes on behind it", () => {
    const good = '{"type":"ok","process":1,"f":"r","value":1}';
    const { records, problems } = read(`${good}\nnot json\n{"type":"maybe","process":1}\n${good}\n`);

    expect(records.map(({ line }) => line)).toEqual([1, 4]);
    expect(problems).toEqual([
      { line: 2, reason: "this is not JSON", isTorn: false },
      { line: 3, reason: "a record's type is invoke, ok, fail or info", isTorn: false },
    ]);
  });

  it("is a torn end when it is the last line and has no newline", () => {
    expect(read('{"type":"ok","process":1,"f":"r","value":1}\n{"type":"o').problems).toEqual([
      { line: 2, reason: "this is not JSON", isTorn: true },
    ]);
    expect(read("{:type :ok, :process 1, :f :r, :value 1}\n{:type :ok, :val").problems).toEqual([
      { line: 2, reason: "the file ends in the middle of a form", isTorn: true },
    ]);
  });

  it("is data nested deeper than anyone needs, and no stack runs out over it", () => {
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

    expect(read(`{:type :ok, :process 1, :value ${deep}}`).problems[0]?.reason).toBe(
      "data is nested deeper than 64 levels",
    );
    expect(read(`{"type":"ok","process":1,"f":"r","value":${deep}}\n`).problems.length).toBeLessThanOrEqual(
      1,
    );
  });
});
