/**
 * Runs the golden histories of other stores' workloads: one folder a workload, whose `expected.tsv` names for each
 * file the verdict and the anomalies. What others published lies in folders of its own, with tests of their own.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { HistoryReader } from "../exchange/history-reader.ts";
import { type ForeignWorkload, foreignCheck, foreignWorkloads } from "../foreign-history.ts";

const folder = new URL(".", import.meta.url);
const budget = { now: () => 0, timeLimitMs: 1, memoryWords: 1 << 20 };

/** Whose cases are Elle's. */
const published: readonly ForeignWorkload[] = ["list-append", "rw-register"];

const rowsOf = (workload: ForeignWorkload) =>
  readFileSync(new URL(`${workload}/expected.tsv`, folder), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split("\t"));

const judge = (workload: ForeignWorkload, file: string) => {
  const check = foreignCheck(workload, { expect: [], budget });
  const reader = new HistoryReader(check);
  reader.push(readFileSync(new URL(`${workload}/${file}`, folder)));
  reader.end();
  return check.finish();
};

describe.each(foreignWorkloads.filter((workload) => !published.includes(workload)))(
  "golden histories of %s",
  (workload) => {
    test("are at least three, and no file is left out", () => {
      const named = rowsOf(workload).map(([file]) => file);
      const files = readdirSync(new URL(`${workload}/`, folder)).filter((file) => file.endsWith(".jsonl"));

      expect(named.length).toBeGreaterThanOrEqual(3);
      expect(named.toSorted()).toEqual(files.toSorted());
    });

    test.each(rowsOf(workload))("%s is %s %s", (file = "", type = "", anomalies = "") => {
      const verdict = judge(workload, file);

      const found = [...new Set(verdict.anomalies.map((anomaly) => anomaly.type))].toSorted();
      expect([verdict.type, found.join(" ")]).toEqual([type, anomalies]);
    });
  },
);
