/**
 * The verdicts of a run as JUnit XML, which every CI server can show: one case a check, a row of the service level
 * and a fault.
 *
 * Violated and breached are failures. Inconclusive is an error: nobody knows, and it must not look like a pass.
 * A row that missed its level is an error too where the run as a whole does not hold it against the store, because
 * the generator could not be believed. What is only measured, or expected of this configuration, is a pass with its numbers, or skipped with its reason.
 */
import junit, { type Builder, type TestCase, type TestSuite } from "junit-report-builder";
import type { SlaRow } from "../../checkers/objectives/evaluation.ts";
import type { ServiceRow, ServiceVerdict } from "../../checkers/service-level.ts";
import type { Verdict } from "../../checkers/verdict.ts";
import { serviceSentence } from "../conclusion.ts";
import type { FaultRecord, RunRecord } from "../run-record.ts";
import { visibleLine, visibleText } from "../visible-text.ts";

/** Its types describe the package's ES build; Node loads the other one, whose export is the builder itself. */
const library = junit as unknown as Builder;

/** A document of one suite a kind of case. */
export const junitXml = (record: RunRecord): string => {
  const builder = library.newBuilder().name(shown(`tipcart ${record.name}`));
  const suiteOf = (name: string): TestSuite =>
    builder
      .testSuite()
      .name(shown(`${record.name} ${name}`))
      .timestamp(new Date(record.startedWallMs))
      .time(record.durationMs / 1_000);
  const checks = suiteOf("checks").property("seed", String(record.seed)).property("verdict", record.verdict);
  const service = suiteOf("service level");
  const faults = suiteOf("faults");
  for (const verdict of record.verdicts) checkCase(checks.testCase(), verdict);
  const isHeld = record.verdicts.some(({ type }) => type === "breached");
  for (const level of record.levels) levelCase(service.testCase(), level, isHeld);
  for (const row of record.service) serviceCase(service.testCase(), row, isHeld);
  for (const fault of record.faults) faultCase(faults.testCase(), fault);
  return builder.build();
};

/** XML knows no control characters, not even escaped; attributes here are one line. */
const shown = (text: string): string => visibleLine(text);

/** Longer text stands in a CDATA section, whose end the library splits only once. */
const told = (text: string): string => visibleText(text).replaceAll("]]>", "]]\\u{3e}");

const checkCase = (one: TestCase, verdict: Verdict): void => {
  one.className("tipcart.checks").name(shown(`${verdict.properties.join(" ")} ${verdict.checker}`));
  const sentences = verdict.anomalies.map(({ sentence }) => sentence).join("\n");
  switch (verdict.type) {
    case "passed":
      one.standardOutput(told(verdict.summary));
      return;
    case "inconclusive":
      one.error(shown(verdict.summary), "inconclusive", told(sentences));
      return;
    case "violated":
    case "breached":
      one.failure(shown(verdict.summary), verdict.type);
      one.stacktrace(told(sentences));
      return;
  }
};

const levelCase = (one: TestCase, level: SlaRow, isHeld: boolean): void => {
  one.className("tipcart.service").name(shown(`${level.text} in ${level.where}`));
  decidedCase(one, shown(`${level.verdict}, ${level.observed}`), { verdict: level.verdict, isHeld });
};

const serviceCase = (one: TestCase, row: ServiceRow, isHeld: boolean): void => {
  one.className("tipcart.service").name(shown(`${row.operation} ${row.phase ?? `all ${row.kind} phases`}`));
  const sentence = shown(serviceSentence(row));
  if (!row.hard) {
    one.standardOutput(`${sentence}; measured only.`);
    return;
  }
  decidedCase(one, sentence, { verdict: row.verdict, isHeld });
};

const decidedCase = (
  one: TestCase,
  sentence: string,
  { verdict, isHeld }: { readonly verdict: ServiceVerdict; readonly isHeld: boolean },
): void => {
  switch (verdict) {
    case "proved":
    case "met":
      one.standardOutput(sentence);
      return;
    case "inconclusive":
      one.error(sentence, "inconclusive");
      return;
    case "breached":
      if (isHeld) one.failure(sentence, "breached");
      else one.error(sentence, "inconclusive");
      return;
  }
};

const faultCase = (one: TestCase, fault: FaultRecord): void => {
  one.className("tipcart.faults").name(shown(`${fault.id} of ${fault.nodes.join(", ")}`));
  if (fault.state === "proved") one.standardOutput(told(fault.evidence));
  else if (fault.state === "skipped") one.skipped().standardOutput(told(fault.evidence));
  else one.error(shown(`${fault.state}: ${fault.evidence}`), "inconclusive");
};
