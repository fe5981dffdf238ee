/** The service levels that a run was given, read back from its history. */
import type { History } from "../history/history.ts";
import { parseSla, type SlaExpression, type SlaNames } from "./expression.ts";

/** What `@` can name in this run: its nodes, and the kinds of the faults it planned or met. */
export const namesOf = ({ run, faults, phases }: Pick<History, "run" | "faults" | "phases">): SlaNames => ({
  nodes: run?.nodes ?? [],
  faults: [
    ...new Set([
      ...faults.map(({ kind }) => kind),
      // "2 partition+kill": a fault that never came to pass is still one that was planned.
      ...phases.filter(({ kind }) => kind === "fault").flatMap(({ name }) => name.split(/[ +]/)),
    ]),
  ],
});

export type SlaOfRun = {
  readonly expressions: readonly SlaExpression[];
  /** Sentences about those that cannot be read; none in a run whose plan was looked at before. */
  readonly mistakes: readonly string[];
};

export const slaOf = (history: Pick<History, "run" | "faults" | "phases">): SlaOfRun => {
  const names = namesOf(history);
  const parsed = (history.run?.sla ?? []).map((text) => parseSla(text, names));
  return {
    expressions: parsed.flatMap((one) => (one.type === "mistake" ? [] : [one])),
    mistakes: parsed.flatMap((one) => (one.type === "mistake" ? [one.reason] : [])),
  };
};
