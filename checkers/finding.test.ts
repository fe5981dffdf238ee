import { expect, test } from "vitest";
import { concluded, counted, Findings } from "./finding.ts";
import { historyIn } from "./history/notated.fixture.ts";
import { anomalyLimit } from "./verdict.ts";

const told = { sentence: "It happened.", story: [], requests: [], writes: [] };
const conclusion = { checker: "some", properties: ["P1", "P13"], summary: "so many", metrics: {} } as const;

test("all anomalies are counted and only the first are told", () => {
  const findings = new Findings();
  let tellings = 0;
  for (let index = 0; index < 1000; index++) {
    findings.found("lost-write", () => {
      tellings += 1;
      return told;
    });
  }

  const verdict = concluded(historyIn("run"), { ...conclusion, findings });

  expect(verdict).toMatchObject({ type: "violated", anomalyCount: 1000, violations: { P1: 1000 } });
  expect(verdict.anomalies).toHaveLength(anomalyLimit);
  expect(tellings).toBe(anomalyLimit);
});

test("a doubt makes a verdict inconclusive, and a violation outweighs it", () => {
  const findings = new Findings();
  findings.doubt("Nobody looked.");
  const doubtful = concluded(historyIn("run"), { ...conclusion, findings });
  findings.found("lost-write", () => told);
  const violated = concluded(historyIn("run"), { ...conclusion, findings });

  expect(doubtful).toMatchObject({ type: "inconclusive", summary: "so many. Nobody looked." });
  expect(violated).toMatchObject({ type: "violated", summary: "so many." });
});

test("what is only measured decides nothing, found or doubted", () => {
  const findings = new Findings();
  findings.found("stale-read", () => told);
  findings.doubt("Nobody came back.");

  const verdict = concluded(historyIn("run"), { ...conclusion, properties: ["P13"], findings });

  expect(verdict).toMatchObject({ type: "passed", expected: true, anomalyCount: 1 });
});

test("what a fault explains is counted and told, and violates nothing; what it does not explain still does", () => {
  const findings = new Findings();
  findings.found("stale-read", () => told, true);
  const excused = concluded(historyIn("run strict"), { ...conclusion, findings });
  findings.found("stale-read", () => told);
  const violated = concluded(historyIn("run strict"), { ...conclusion, findings });

  expect(excused).toMatchObject({ type: "passed", anomalyCount: 1, violations: { P13: 1 } });
  expect(excused.summary).toBe("so many. 1 of them may come from what a fault took from a disk.");
  expect(violated).toMatchObject({ type: "violated", anomalyCount: 2 });
});

test("a broken promise beside an expected one is not excused by it", () => {
  const findings = new Findings();
  findings.found("lost-write", () => told);
  findings.found("phantom-value", () => told);

  const verdict = concluded(historyIn("run versions=vv-max"), { ...conclusion, findings });

  expect(verdict.type).toBe("violated");
  expect(verdict.expected).toBeUndefined();
});

test("counts are written with their thousands apart", () => {
  expect(counted(12431)).toBe("12,431");
});
