/**
 * How a command ends, in numbers that CI can trust. The table in README.md is made from this.
 *
 * A violated run beats a breached one, and a breached one an inconclusive one: what is known to be wrong is never
 * hidden behind what is not known.
 */
import type { VerdictType } from "../checkers/verdict.ts";

export const exitCodes = {
  passed: { code: 0, meaning: "every check passed" },
  violated: { code: 1, meaning: "a promise was broken; the report shows the witness" },
  inconclusive: { code: 2, meaning: "the run cannot tell; the reason is given, and it is never a pass" },
  breached: { code: 3, meaning: "a service level was not held, though no answer was wrong" },
  regression: { code: 4, meaning: "a comparison found the candidate worse than the baseline" },
  usage: { code: 64, meaning: "a flag, a plan or a name is wrong; the sentence says which" },
  unavailable: { code: 69, meaning: "the plan needs a fault that this machine or user cannot do" },
  internal: { code: 70, meaning: "Tipcart itself failed; the journal is kept" },
  interrupted: { code: 130, meaning: "stopped by Ctrl-C or SIGTERM; everything was cleaned up" },
} as const;

export type ExitName = keyof typeof exitCodes;

/** A command that could not do its work: which way it ends, and one sentence for a person. */
export type Refusal = { readonly type: "refused"; readonly exit: ExitName; readonly sentence: string };

export const refuse = (exit: ExitName, sentence: string): Refusal => ({ type: "refused", exit, sentence });

export const exitCodeOf = (verdict: VerdictType): number => exitCodes[verdict].code;

/** Rows for README.md. */
export const exitCodeTable = (): string =>
  [
    "| Code | Meaning |",
    "|---|---|",
    ...Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`),
  ].join("\n");
