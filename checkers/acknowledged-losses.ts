/** What `acked-writes` and `acked-adds` say alike of what they counted: lost, kept, late, or never looked for. */
import { concluded, counted, type Findings } from "./finding.ts";
import type { History } from "./history/history.ts";
import { unrest } from "./quiescence.ts";
import type { Verdict } from "./verdict.ts";

export type LossTally = {
  acknowledged: number;
  /** Of keys that nobody read in the end. */
  unjudged: number;
  /** Missing, but perhaps still on their way. */
  late: number;
};

export const noLosses = (): LossTally => ({ acknowledged: 0, unjudged: 0, late: 0 });

type Losses = {
  readonly checker: string;
  readonly property: "P1" | "P2";
  /** "write", "add". */
  readonly noun: string;
  readonly anomaly: "lost-write" | "lost-add";
  readonly findings: Findings;
  readonly tally: LossTally;
};

export const concludedLosses = (
  history: History,
  { checker, property, noun, anomaly, findings, tally }: Losses,
): Verdict => {
  const { acknowledged, unjudged, late } = tally;
  if (acknowledged === 0) findings.doubt(`No ${noun} was acknowledged.`);
  if (unjudged > 0)
    findings.doubt(`${counted(unjudged)} acknowledged ${noun}s are of keys without a final read.`);
  if (late > 0) {
    const reason = unrest(history);
    findings.doubt(`${counted(late)} acknowledged ${noun}s are missing, but may be late: ${reason}`);
  }
  const lost = findings.count(anomaly);
  return concluded(history, {
    checker,
    properties: [property],
    findings,
    summary: `${counted(lost)} of ${counted(acknowledged)} acknowledged ${noun}s lost`,
    metrics: { acknowledged, lost, unjudged, late },
  });
};
