/**
 * The verdict of a run in one sentence, the same in the terminal, in Markdown and on the report's first line.
 *
 * It claims no more than a checker has said: "kept" only when the checker of lost writes passed, "within 300 ms"
 * only for rows that are met or proved.
 */

import type { ServiceRow } from "../checkers/service-level.ts";
import type { Verdict, VerdictType } from "../checkers/verdict.ts";
import type { RunRecord } from "./run-record.ts";
import { count, counted, percent, quantileName } from "./units.ts";

/** One word for each verdict, and a mark that does without colour. */
export const verdictWords: Readonly<Record<VerdictType, { readonly word: string; readonly mark: string }>> = {
  passed: { word: "Passed", mark: "✓" },
  inconclusive: { word: "Inconclusive", mark: "?" },
  breached: { word: "Breached", mark: "!" },
  violated: { word: "Violated", mark: "✗" },
};

/** The sentence without its leading word: "all 12,431 acknowledged writes were kept through 4 faults …". */
export const conclusion = (record: RunRecord): string => {
  const deciding = decidingVerdict(record);
  switch (record.verdict) {
    case "passed": {
      // What the plan asked to see broken is the news; what was merely not promised is not.
      const isAskedFor = (one: Verdict): boolean =>
        one.properties.some((name) => record.expect.includes(name));
      const expected = record.verdicts.find((one) => one.expected === true && isAskedFor(one));
      return expected === undefined
        ? `${keptPart(record)} ${faultPart(record)}${servicePart(record)}.`
        : firstSentence(expected.summary);
    }
    case "breached":
      return `${breachPart(record) ?? withoutStop(firstSentence(deciding?.summary ?? "a service level was not held"))}; no answer was wrong.`;
    case "violated":
      return `${withoutStop(firstSentence(deciding?.summary ?? "a promise was broken"))}${
        deciding?.expected === true ? ", as expected of this configuration" : ""
      }.`;
    case "inconclusive":
      return undecidedPart(record, deciding) ?? firstSentence(deciding?.summary ?? "nothing was judged.");
  }
};

/** The first verdict as bad as the run's; unexpected ones before expected ones. */
export const decidingVerdict = (record: RunRecord): Verdict | undefined => {
  const worst = record.verdicts.filter((verdict) => verdict.type === record.verdict);
  return worst.find((verdict) => verdict.expected !== true) ?? worst[0];
};

export const provedFaultCount = (record: RunRecord): number =>
  record.faults.filter((fault) => fault.state === "proved").length;

/** The rows that a run is asked for first: the steady phases together, those that decide or, without any, all. */
export const steadyRows = (record: RunRecord): readonly ServiceRow[] => {
  const rows = record.service.filter((row) => row.kind === "steady" && row.phase === null);
  const hard = rows.filter((row) => row.hard);
  return hard.length > 0 ? hard : rows;
};

/** "get p99.9 within 300 ms: met, 12 of 14,022 requests bad (0.086 %)". */
export const serviceSentence = (row: ServiceRow): string => {
  const bad = row.slowCount + row.failCount + row.infoCount + row.droppedCount;
  const all = row.requestCount + row.droppedCount;
  return `${row.operation} ${quantileName(row.quantile)} within ${count(row.limitMs)} ms: ${row.verdict}, ${count(bad)} of ${counted(all, "request")} bad (${percent(row.badRatio)})`;
};

const keptPart = (record: RunRecord): string => {
  const writes = record.counts.acknowledgedWriteCount;
  const isKept = record.verdicts.some(
    (one) => one.properties.includes("P1") && one.type === "passed" && one.anomalyCount === 0,
  );
  if (isKept) return `all ${counted(writes, "acknowledged write")} were kept`;
  return `${counted(record.verdicts.length, "check")} passed over ${counted(record.counts.requestCount, "request")}`;
};

const faultPart = (record: RunRecord): string => {
  const kinds = [...new Set(record.faults.filter((one) => one.state === "proved").map((one) => one.kind))];
  if (kinds.length === 0) return "without any fault";
  const listed = kinds.length === 1 ? kinds[0] : `${kinds.slice(0, -1).join(", ")} and ${kinds.at(-1)}`;
  return `through ${counted(provedFaultCount(record), "proved fault")} (${listed})`;
};

const servicePart = (record: RunRecord): string => {
  const rows = steadyRows(record).filter((row) => row.hard);
  const first = rows[0];
  if (first === undefined || rows.some((row) => row.verdict !== "met" && row.verdict !== "proved")) return "";
  const isUniform = rows.every((row) => row.limitMs === first.limitMs && row.quantile === first.quantile);
  return isUniform
    ? `, and ${quantileName(first.quantile)} stayed within ${count(first.limitMs)} ms in the steady phases`
    : ", and every service level of the steady phases was held";
};

const breachPart = (record: RunRecord): string | undefined => {
  const row = record.service.find((one) => one.hard && one.verdict === "breached");
  return row === undefined ? undefined : `${row.phase ?? `${row.kind} phases`}: ${serviceSentence(row)}`;
};

/** One level as it stands in the table; the summary of a check over all of them is too long for a headline. */
const undecidedPart = (record: RunRecord, deciding: Verdict | undefined): string | undefined => {
  if (deciding?.checker !== "sla") return undefined;
  const rows = record.service.filter((one) => one.hard);
  const open = rows.find((one) => one.verdict === "inconclusive");
  if (open !== undefined) return `${open.phase ?? `${open.kind} phases`}: ${serviceSentence(open)}.`;
  const isDoubted = (record.generator.doubts ?? []).length > 0;
  const breach = isDoubted ? breachPart(record) : undefined;
  return breach === undefined ? undefined : `${breach}, by a load generator that cannot be believed.`;
};

/** A summary may go on to explain itself; its first sentence has the numbers. */
const firstSentence = (summary: string): string =>
  /^.*?[.!?](?=\s+\p{Lu}|\s*$)/su.exec(summary.trim())?.[0] ?? `${summary.trim()}.`;

const withoutStop = (sentence: string): string => sentence.trim().replace(/[.]+$/, "");
