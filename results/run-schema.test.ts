import { describe, expect, it } from "vitest";
import { stagedRun } from "./fixture/staged-run.ts";
import { parseRunRecord } from "./run-schema.ts";

const { record } = stagedRun({ variant: "violated", rate: 20 });

describe("a stored record", () => {
  it("comes back whole", () => {
    expect(parseRunRecord(JSON.stringify(record))).toEqual({ type: "ok", value: record });
  });

  it("may hold fields of a later version, which are dropped", () => {
    const later = { ...record, mood: "good", faults: record.faults.map((fault) => ({ ...fault, depth: 3 })) };

    expect(parseRunRecord(JSON.stringify(later))).toEqual({ type: "ok", value: record });
  });

  it.each([
    ["{", "The stored record is not JSON; it may be cut off."],
    ["null", "The stored record has schema none; this version reads schema 1."],
    ['{"schema":2}', "The stored record has schema 2; this version reads schema 1."],
    ['{"schema":1}', /^The stored record is damaged at name: /],
    [JSON.stringify({ ...record, verdict: "fine" }), /^The stored record is damaged at verdict: /],
    [JSON.stringify({ ...record, faults: [{}] }), /^The stored record is damaged at faults\.0\.id: /],
  ])("is refused in one sentence when it is %.30s", (text, sentence) => {
    const parsed = parseRunRecord(text);

    expect(parsed.type === "failed" ? parsed.reason : "accepted").toMatch(sentence);
  });

  it("pollutes no prototype", () => {
    const text = JSON.stringify(record).replace('"metrics":{', '"metrics":{"__proto__":{"polluted":1},');

    parseRunRecord(text);

    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});
