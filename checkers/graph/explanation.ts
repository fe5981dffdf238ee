/**
 * Why a cycle cannot be: as data (the lineage, ready to be drawn), and as sentences a person can follow. What an
 * edge rests on is told by the analysis that drew it; this file knows only the shapes.
 */
import type { Anomaly, LineageNode } from "../verdict.ts";
import type { Cycle, CycleStep } from "./cycle.ts";
import type { CycleShape } from "./cycle-class.ts";
import { edgeName } from "./edge-kind.ts";

/** What an analysis can say of its transactions. */
export type Narrator = {
  /** "T17": short, unique. */
  readonly name: (transaction: number) => string;
  /** What it did, in one line. */
  readonly tell: (transaction: number) => string;
  /** Number of its invocation in the history. */
  readonly request: (transaction: number) => number;
  readonly doesWrite: (transaction: number) => boolean;
  /** Why `from` came before `to`, as a clause without a full stop, and the key it is about. */
  readonly because: (step: CycleStep) => { readonly clause: string; readonly key?: string };
};

const promised: Record<CycleShape, string> = {
  G0: "each wrote over the other: a cycle of write-write dependencies",
  G1c: "information flowed in a circle: a cycle of write-write and write-read dependencies",
  "G-single-item": "one of them read a state of the past: a cycle with exactly one anti-dependency",
  "G-nonadjacent-item": "no snapshots fit: a cycle in which no two anti-dependencies follow one another",
  "G2-item": "no serial order fits: a cycle with anti-dependencies, as in write skew",
};

/** Longer cycles are told up to here. */
const stepsTold = 24;

export const explainCycle = (cycle: Cycle, narrator: Narrator): Anomaly => {
  const told = cycle.steps.slice(0, stepsTold);
  const left = cycle.steps.length - told.length;
  const transactions = told.map(({ from }) => from);
  const reasons = told.map((step) => ({ step, ...narrator.because(step) }));
  const more = left > 0 ? [`(${left} more)`] : [];
  const path = [...transactions.map(narrator.name), ...more, narrator.name(transactions[0] ?? 0)].join(" → ");
  const key = reasons.find((reason) => reason.key !== undefined)?.key;
  return {
    type: cycle.name,
    ...(key === undefined ? {} : { key }),
    sentence: `${path}: ${promised[cycle.shape]}${orderPhrase(cycle.name)}.`,
    story: [
      ...transactions.map((transaction) => `${narrator.name(transaction)}: ${narrator.tell(transaction)}.`),
      ...reasons.map(
        ({ step, clause }) => `${narrator.name(step.from)} came before ${narrator.name(step.to)}: ${clause}.`,
      ),
    ],
    requests: cycle.steps.map(({ from }) => narrator.request(from)),
    writes: [],
    lineage: {
      nodes: [...new Set(transactions)].map(
        (transaction): LineageNode => ({
          id: narrator.name(transaction),
          label: narrator.tell(transaction),
          role: narrator.doesWrite(transaction) ? "write" : "read",
          at: narrator.request(transaction),
        }),
      ),
      edges: reasons.map(({ step, clause }) => ({
        from: narrator.name(step.from),
        to: narrator.name(step.to),
        kind: edgeName(step.kind),
        because: clause,
      })),
    },
  };
};

const orderPhrase = (name: string): string =>
  name.endsWith("-realtime")
    ? ", given who ended before whom began"
    : name.endsWith("-process")
      ? ", given the order within each session"
      : "";
