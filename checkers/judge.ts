/**
 * A history before all its checkers. Each says its own; one that throws says `inconclusive` and silences nobody;
 * the worst decides.
 *
 * Two things stand above the single checker. A history that does not fit together condemns nobody and acquits
 * nobody: everything becomes inconclusive, with the anomalies kept. And a run that says what it expects to see
 * broken passes when it sees just that, and is inconclusive when it does not.
 *
 * What a configuration is bound to show and did not is a suspicion: told beside P24, whether the run was a test.
 */
import { type Checker, inconclusive } from "./checker.ts";
import type { History } from "./history/history.ts";
import { classOf, showsOf } from "./promises.ts";
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
  const checked = checkers.map((checker) => checkedBy(checker, history));
  const suspicions = suspicionsOf(history, checked);
  const verdicts = checked
    .map((verdict) => withExpectation(withDefects(verdict, history), history.run?.expect ?? []))
    .map((verdict) => (verdict.properties.includes("P24") ? withSuspicions(verdict, suspicions) : verdict));
  const type = worst(verdicts.map((verdict) => verdict.type));
  return { schema: 1, type, summary: summaryOf(type, verdicts), verdicts, defects: history.defects };
};

/** What the configuration is bound to show, and no checker that judges it saw; a sentence each. */
const suspicionsOf = (history: History, verdicts: readonly Verdict[]): readonly string[] =>
  showsOf(history)
    .filter((property) => {
      const judges = verdicts.filter((verdict) => verdict.properties.includes(property));
      return judges.length > 0 && judges.every(({ violations }) => (violations?.[property] ?? 0) === 0);
    })
    .map((property) => {
      const { name, because } = property === "P4" ? unionCarts : (classOf(history) ?? unionCarts);
      return `Suspicious: ${property} is bound to be broken now and then (${name}: ${because}), and never was.`;
    });

const unionCarts = {
  name: "union carts",
  because: "by name alone, what was taken out cannot be told from what was never there",
};

const withSuspicions = (verdict: Verdict, suspicions: readonly string[]): Verdict =>
  suspicions.length === 0
    ? verdict
    : {
        ...verdict,
        summary: [verdict.summary, ...suspicions].join(" "),
        metrics: { ...verdict.metrics, suspicions: suspicions.length },
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
