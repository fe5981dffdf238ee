/** The shape of a checker. */
import type { History } from "./history/history.ts";
import type { Verdict } from "./verdict.ts";

/** Pure, bounded, and never throws to its caller (see `judge`). */
export type Checker = {
  readonly name: string;
  readonly properties: readonly string[];
  readonly check: (history: History) => Verdict;
};
