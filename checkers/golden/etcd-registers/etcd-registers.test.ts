/**
 * Forty runs of a compare-and-set register in etcd get the verdict that comes with them. The register starts as nil;
 * a timed-out operation may take effect later or never. Whether a failed compare-and-set is taken to say that the
 * value was another one, or nothing at all, changes no verdict here.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HistoryReader } from "../../exchange/history-reader.ts";
import { judgeRegisters } from "../../linearizability/register.ts";
import { RegisterHistory } from "../../linearizability/register-history.ts";

const expected = readFileSync(join(import.meta.dirname, "expected.tsv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split("\t"));

const judge = (file: string, failedCompareAndSet: "mismatch" | "nothing") => {
  const history = new RegisterHistory({ keys: "one", failedCompareAndSet });
  const reader = new HistoryReader(history);
  reader.push(readFileSync(join(import.meta.dirname, file)));
  reader.end();
  history.finish();
  return judgeRegisters(history, "linearizable", { now: () => 0, timeLimitMs: 1, memoryWords: 1 << 24 });
};

describe("the etcd registers", () => {
  it.each(expected)("%s, %s operations: %s", (file = "", _count = "", verdict = "") => {
    for (const failed of ["mismatch", "nothing"] as const)
      expect(judge(file, failed).type).toBe(verdict === "valid" ? "passed" : "violated");
  });

  it("are forty", () => {
    expect(expected).toHaveLength(40);
  });
});
