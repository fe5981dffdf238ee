import { inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { stagedRun } from "../fixture/staged-run.ts";
import { chosenRequests, packedRequests } from "./chosen-requests.ts";

const run = stagedRun({ variant: "violated", rate: 100 });
const notGood = (endings: string): number => [...endings].filter((digit) => digit !== "0").length;
const sums = (differences: readonly number[]): readonly number[] => {
  let sum = 0;
  return differences.map((difference) => {
    sum += difference;
    return sum;
  });
};

describe("the requests that a page carries", () => {
  it("are all of a short run, with the counts of its record", () => {
    const { ids, endings, allCount } = chosenRequests(run.history, run.record);
    const { okCount, failCount, infoCount, requestCount, droppedCount } = run.record.counts;

    expect([ids.length, allCount]).toEqual([requestCount - droppedCount, requestCount - droppedCount]);
    expect(notGood(endings.replaceAll("1", "0"))).toBe(failCount + infoCount);
    expect(endings.length - failCount - infoCount).toBe(okCount);
  });

  it("are those that somebody will look for in a long one: named, bad, slowest, around faults, and a sample", () => {
    const whole = chosenRequests(run.history, run.record);
    const few = chosenRequests(run.history, run.record, 2_000);
    const ids = sums(few.ids);
    const due = sums(few.due).map((tenths) => tenths / 10_000);
    const named = run.record.verdicts.flatMap(({ anomalies }) =>
      anomalies.flatMap(({ requests }) => requests),
    );
    const inFaults = due.filter((seconds) => seconds >= 35 && seconds < 75).length;

    expect(ids).toHaveLength(2_000);
    expect(named.every((id) => ids.includes(id))).toBe(true);
    expect(notGood(few.endings)).toBe(notGood(whole.endings));
    expect(Math.max(...few.took)).toBe(Math.max(...whole.took));
    expect(inFaults).toBeGreaterThan(1_000);
    expect(due.length - inFaults).toBeGreaterThan(300);
    expect(due).toEqual(due.toSorted((a, b) => a - b));
  });

  it("come out of their packing as they went in", () => {
    const chosen = chosenRequests(run.history, run.record, 500);
    const packed = packedRequests(chosen);

    expect(packed).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(JSON.parse(inflateRawSync(Buffer.from(packed, "base64")).toString())).toEqual(chosen);
  });
});
