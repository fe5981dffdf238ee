/**
 * The shape of a checker, and the two things that all of them say alike: nothing follows from an empty history,
 * and a checker never throws.
 */
import type { History } from "./history/history.ts";
import type { Verdict } from "./verdict.ts";

/** Pure, bounded, and never throws to its caller (see `judge`). */
export type Checker = {
  readonly name: string;
  readonly properties: readonly string[];
  readonly check: (history: History) => Verdict;
};

/** A checker that is inconclusive without calling `check` when the history holds no request. */
export const checkerOf = ({ name, properties, check }: Checker): Checker => ({
  name,
  properties,
  check: (history) =>
    history.requests.count === 0
      ? inconclusive({ name, properties }, "The history holds no request, so nothing can be said.")
      : check(history),
});

/** `reason` is one sentence. */
export const inconclusive = (
  { name, properties }: Pick<Checker, "name" | "properties">,
  reason: string,
): Verdict => ({
  checker: name,
  properties,
  type: "inconclusive",
  summary: reason,
  anomalies: [],
  anomalyCount: 0,
  metrics: {},
});
