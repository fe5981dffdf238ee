/**
 * A history before all its checkers. Each says its own; one that throws says `inconclusive` and silences nobody;
 * the worst decides.
 *
 * Two things stand above the single checker. A history that does not fit together condemns nobody and acquits
 * nobody: everything becomes inconclusive, with the anomalies kept. And a run that says what it expects to see
 * broken passes when it sees just that, and is inconclusive when it does not.
 */
import { type Checker, inconclusive } from "./checker.ts";
import type { History } from "./history/history.ts";
import { type Verdict, type VerdictType, worst } from "./verdict.ts";

/** A plain JSON value. */
export type Judgement = {
  readonly schema: 1;
  readonly type: VerdictType;
  /** One sentence: the verdict and what decided it. */
  readonly summary: string;
  readonly verdicts: readonly Verdict[];
  readonly defects: readonly string[];
};

export const judge = (history: History, checkers: readonly Checker[]): Judgement => {
  const verdicts = checkers.map((checker) =>
    withExpectation(withDefects(checkedBy(checker, history), history), history.run?.expect ?? []),
  );
  const type = worst(verdicts.map((verdict) => verdict.type));
  return { schema: 1, type, summary: summaryOf(type, verdicts), verdicts, defects: history.defects };
};

const checkedBy = (checker: Checker, history: History): Verdict => {
  try {
    return checker.check(history);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return inconclusive(checker, `The checker ${checker.name} failed: ${message}.`);
  }
};

const withDefects = (verdict: Verdict, { defects }: History): Verdict => {
  const [first] = defects;
  if (first === undefined) return verdict;
  const more = defects.length > 1 ? ` (and ${defects.length - 1} more defects)` : "";
  return {
    ...verdict,
    type: "inconclusive",
    summary: `The history does not fit together: ${first}${more} It would say: ${verdict.summary}`,
  };
};

const withExpectation = (verdict: Verdict, expect: readonly string[]): Verdict => {
  const expected = verdict.properties.filter((property) => expect.includes(property));
  if (expected.length === 0) return verdict;
  const broken = Object.keys(verdict.violations ?? {});
  const missing = expected.filter((property) => !broken.includes(property));
  if (verdict.type === "violated" && broken.every((property) => expected.includes(property))) {
    return { ...verdict, type: "passed", expected: true, summary: `As this run expects: ${verdict.summary}` };
  }
  if (verdict.type === "passed" && missing.length > 0) {
    const summary = `This run expects ${missing.join(", ")} to be broken, and it was not: ${verdict.summary}`;
    return { ...verdict, type: "inconclusive", summary };
  }
  return verdict;
};

const summaryOf = (type: VerdictType, verdicts: readonly Verdict[]): string => {
  const [first, ...others] = verdicts.filter((verdict) => verdict.type === type);
  if (first === undefined) return "Nothing was judged.";
  if (type === "passed") return `Passed: all ${verdicts.length} checkers.`;
  const more = others.length === 0 ? "" : ` Also ${others.map(({ checker }) => checker).join(", ")}.`;
  const word = type.charAt(0).toUpperCase() + type.slice(1);
  return `${word}: ${first.checker}: ${first.summary}${more}`;
};
