/**
 * What one page is about: the record, its curves, and what the sections share: fault numbers, bands, the limit
 * that is drawn as a line, and the time axis.
 */
import type { Micros } from "../../checkers/history/event.ts";
import type { FaultRecord, RunRecord } from "../run-record.ts";
import { runTime } from "../units.ts";
import type { RunFigures } from "./figures.ts";
import type { Band } from "./plot/band.ts";
import { type Breadth, type Frame } from "./plot/drawing.ts";
import { type Scale, timeScale } from "./plot/scale.ts";

export type Subject = {
  readonly record: RunRecord;
  readonly figures: RunFigures;
  readonly bands: readonly Band[];
  /** The strictest limit of the run's objectives; null when it has none. */
  readonly limit: { readonly ms: number; readonly quantile: number } | null;
};

export const subjectOf = (record: RunRecord, figures: RunFigures): Subject => ({
  record,
  figures,
  bands: bandsOf(record, figures.until),
  limit: record.objectives.reduce<Subject["limit"]>(
    (strictest, one) =>
      strictest === null || one.limitMs < strictest.ms
        ? { ms: one.limitMs, quantile: one.quantile }
        : strictest,
    null,
  ),
});

/** "1" for the fault "1 kill"; its place in the list when its id has no number. */
export const faultNumber = (record: RunRecord, fault: FaultRecord): string =>
  /^\d+/.exec(fault.id)?.[0] ?? String(record.faults.indexOf(fault) + 1);

/** "kill n2", "partition n1 n3". */
export const faultName = (fault: FaultRecord): string =>
  `${fault.kind} ${fault.nodes.length > 3 ? `${fault.nodes.length} nodes` : fault.nodes.join(" ")}`;

/** "kill of n2, seen to hold from 35.2 s to 40.1 s". */
export const faultSentence = (fault: FaultRecord): string => {
  const what = `${fault.kind} of ${fault.nodes.join(", ")}`;
  if (fault.activeAt === null) return `${what}: ${fault.state}, ${fault.evidence}`;
  const until = fault.healedAt === null ? "the end of the run" : runTime(fault.healedAt);
  return `${what}, seen to hold from ${runTime(fault.activeAt)} to ${until}`;
};

const bandsOf = (record: RunRecord, end: Micros): readonly Band[] => {
  const faults = record.faults.flatMap((fault): readonly Band[] => {
    if (fault.activeAt === null) return [];
    const number = faultNumber(record, fault);
    return [
      {
        kind: "fault",
        from: fault.activeAt,
        until: Math.min(fault.healedAt ?? end, end),
        labels: [`${number} ${faultName(fault)}`, `${number} ${fault.kind}`, number],
        explanation: faultSentence(fault),
      },
    ];
  });
  const recoveries = record.phases
    .filter((phase) => phase.kind === "recovery")
    .map((phase): Band => {
      const healed = record.faults.find((fault) => fault.id === phase.fault)?.healedAt ?? phase.from;
      return {
        kind: "recovery",
        from: Math.min(Math.max(phase.from, healed), phase.until),
        until: phase.until,
        labels: [],
        explanation: `recovery window ${phase.name}`,
      };
    });

  return [...recoveries, ...faults];
};

/** The axis that all charts over time share. */
export const timeAxis = (subject: Subject, frame: Frame, breadth: Breadth): Scale =>
  timeScale({
    domain: [0, subject.figures.until],
    range: [frame.left, frame.right],
    tickCount: breadth === "wide" ? 12 : 5,
  });
