/**
 * A plan for a reader: what is done to whom and when, and the same as a timeline, one row for the phases and one for
 * each fault. The seed stands in it, so that the words that made it can be found again.
 */
import type { Phase } from "../checkers/history/event.ts";
import { describeFault } from "./nemesis/fault-description.ts";
import type { Plan } from "./test-plan.ts";

/** Of the timeline; with names before it, a row fits into 110 columns. */
const columns = 72;

const letters: Readonly<Record<Phase["kind"], string>> = {
  "warm-up": "w",
  steady: "s",
  fault: "F",
  recovery: "r",
  settle: ".",
  final: ".",
};

const seconds = (us: number): string => `${(us / 1e6).toFixed(1)} s`;

/** Several lines, without a line break after the last. */
export function planText(plan: Plan): string {
  const { workload, seed, rate } = plan.options;
  const { n, r, w } = plan.promises;
  const nameWidth = Math.max(6, ...plan.faults.map(({ fault }) => fault.id.length));
  const row = (name: string, cells: string): string => `  ${name.padEnd(nameWidth)}  ${cells}`;
  const faults = plan.faults.map(({ fault, from, until }) => {
    const when = `${seconds(from).padStart(8)} to ${seconds(until).padStart(8)}`;
    return `  ${fault.id.padEnd(nameWidth)}  ${when}  ${describeFault(fault)}`;
  });
  return [
    `${workload}, seed ${seed}: ${plan.nodes.length} nodes, n ${n}, r ${r}, w ${w}, ${rate} requests/s for ${seconds(plan.durationUs)}.`,
    "",
    ...(faults.length === 0 ? ["No fault."] : ["Faults:", ...faults]),
    "",
    `Timeline, ${seconds(plan.durationUs / columns)} a column (w warm-up, s steady, F fault, r recovery):`,
    row("phases", phaseCells(plan)),
    ...plan.faults.map(({ fault, from, until }) => row(fault.id, faultCells(plan, from, until))),
  ].join("\n");
}

/** What is at the middle of each column. */
const phaseCells = ({ phases, durationUs }: Plan): string =>
  Array.from({ length: columns }, (_, column) => {
    const at = ((column + 0.5) * durationUs) / columns;
    const phase = phases.find(({ from, until }) => from <= at && at < until);
    return phase === undefined ? " " : letters[phase.kind];
  }).join("");

/** At least one column, however short the fault. */
function faultCells({ durationUs }: Plan, from: number, until: number): string {
  const first = Math.min(columns - 1, Math.floor((from * columns) / durationUs));
  const last = Math.max(first + 1, Math.round((until * columns) / durationUs));
  return Array.from({ length: columns }, (_, column) => (column >= first && column < last ? "#" : "·")).join(
    "",
  );
}
