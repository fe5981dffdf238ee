import { describe, expect, it } from "vitest";
import { foreignCheck } from "../foreign-history.ts";
import { historyIn } from "../history/notated.fixture.ts";
import { parseNotation } from "../history/notation.ts";
import { ednRecordText, parseEdnRecord } from "./edn-records.ts";
import { JournalRecords, type JournalShape } from "./journal-records.ts";

const recordsOf = (text: string, shape: JournalShape) => {
  const notated = parseNotation(text);
  const records = new JournalRecords(shape);
  return notated.type === "ok" ? notated.events.flatMap((event) => records.record(event) ?? []) : [];
};

const texts = (text: string, shape: JournalShape): readonly string[] =>
  recordsOf(text, shape).map((record) => ednRecordText(record).replace(/, :time.*$/, "}"));

const siblings = `
p1 put cart/a 1.1 [] +apple -> ok n1,n2
p2 put cart/a 2.1 [] +pear -> info timeout
p3 get cart/a -> 1.1,2.1
p3 put cart/a 3.1 [1.1,2.1] merge -> ok n1
p3 get cart/a -> 3.1
`;

describe("a run as records", () => {
  it("of registers has ids for values, and a set where there are siblings", () => {
    expect(texts(siblings, "register")).toEqual([
      '{:type :invoke, :process 1, :f :write, :value ["cart/a" "1.1"]}',
      '{:type :ok, :process 1, :f :write, :value ["cart/a" "1.1"]}',
      '{:type :invoke, :process 2, :f :write, :value ["cart/a" "2.1"]}',
      '{:type :info, :process 2, :f :write, :value ["cart/a" "2.1"]}',
      '{:type :invoke, :process 3, :f :read, :value ["cart/a" nil]}',
      '{:type :ok, :process 3, :f :read, :value ["cart/a" #{"1.1" "2.1"}]}',
      '{:type :invoke, :process 3, :f :write, :value ["cart/a" "3.1"]}',
      '{:type :ok, :process 3, :f :write, :value ["cart/a" "3.1"]}',
      '{:type :invoke, :process 3, :f :read, :value ["cart/a" nil]}',
      '{:type :ok, :process 3, :f :read, :value ["cart/a" "3.1"]}',
    ]);
  });

  it("of a set has every write that a read was built on", () => {
    expect(texts(siblings, "set-full").at(-1)).toBe(
      '{:type :ok, :process 3, :f :read, :value ["cart/a" #{"3.1" "1.1" "2.1"}]}',
    );
  });

  it("tells a delete, a failure and a fault", () => {
    const text = `
      fault f1 kill n2 active 0..9
      p1 put cart/a 1.1 [] +apple @1..2 -> ok n1
      p1 delete cart/a 1.2 [1.1] @3..4 -> fail quorum-unmet
      p1 get cart/a @5..6 -> none,deleted:1.2
    `;

    expect(texts(text, "register")).toEqual([
      '{:type :info, :process :nemesis, :f :kill, :value [:active ["n2"] "seen from outside"]}',
      '{:type :invoke, :process 1, :f :write, :value ["cart/a" "1.1"]}',
      '{:type :ok, :process 1, :f :write, :value ["cart/a" "1.1"]}',
      '{:type :invoke, :process 1, :f :write, :value ["cart/a" nil]}',
      '{:type :fail, :process 1, :f :write, :value ["cart/a" nil]}',
      '{:type :invoke, :process 1, :f :read, :value ["cart/a" nil]}',
      '{:type :ok, :process 1, :f :read, :value ["cart/a" nil]}',
      '{:type :info, :process :nemesis, :f :kill, :value [:healed ["n2"] "seen to be gone"]}',
    ]);
    expect(texts(text, "set-full").at(-2)).toBe(
      '{:type :ok, :process 1, :f :read, :value ["cart/a" #{"1.2" "1.1"}]}',
    );
  });

  it("is judged by the checks of any store, after a journey through EDN", () => {
    const stale = `
      p1 put cart/a 1.1 [] +apple -> ok n1
      p1 put cart/a 1.2 [1.1] +pear -> ok n1
      p2 get cart/a -> 1.1
    `;
    const budget = { now: () => 0, timeLimitMs: 1, memoryWords: 1 << 20 };
    const check = foreignCheck("register", { expect: [], budget, keyed: true });
    for (const record of recordsOf(stale, "register")) {
      const read = parseEdnRecord(ednRecordText(record), record.line);
      if (typeof read !== "string") check.add(read);
    }

    const verdict = check.finish();

    expect(historyIn(stale).defects).toEqual([]);
    expect([verdict.type, verdict.anomalies.map(({ type }) => type)]).toEqual(["violated", ["stale-read"]]);
  });
});
