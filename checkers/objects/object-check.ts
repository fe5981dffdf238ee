/** The shape of a check of one kind of object, and the verdict that follows from what it found. */
import type { HistorySink } from "../exchange/history-reader.ts";
import type { AnomalyList } from "../transactions/anomaly-list.ts";
import { countText } from "../transactions/notes.ts";
import { anomalyLimit, type Verdict } from "../verdict.ts";
import type { Operations } from "./operations.ts";

/** Takes a history record by record, then judges it once. */
export type ObjectCheck = HistorySink & { readonly finish: () => Verdict };

type Findings = {
  readonly name: string;
  readonly operations: Operations;
  readonly anomalies: AnomalyList;
  /** What keeps a history without anomaly from passing. */
  readonly doubts: readonly string[];
  readonly metrics: Verdict["metrics"];
};

export const objectVerdict = ({ name, operations, anomalies, doubts, metrics }: Findings): Verdict => {
  const count = [...anomalies.counts.values()].reduce((sum, more) => sum + more, 0);
  const reasons = [...doubts];
  if (operations.notes.count > 0) reasons.push(operations.notes.text());
  if (operations.count === 0) reasons.push("the history holds no operation");
  const size = `${countText(operations.count)} operations`;
  const told = [...anomalies.counts].map(([type, times]) => `${type} (${times})`).join(", ");
  const type = count > 0 ? "violated" : reasons.length > 0 ? "inconclusive" : "passed";
  const summary = {
    violated: `Not right as a ${name}: ${[told, ...reasons].join("; ")}; ${size}.`,
    inconclusive: `Cannot tell whether right as a ${name}: ${reasons.join("; ")}; ${size}.`,
    passed: `${size} are right as a ${name}.`,
  }[type];
  return {
    checker: name,
    properties: [name],
    type,
    summary,
    anomalies: anomalies.kept.slice(0, anomalyLimit),
    anomalyCount: count,
    metrics: { operations: operations.count, ...metrics },
  };
};

/** Reports one anomaly for each of `members`: the sentence names the member. */
export const reportEach = <Member>(
  anomalies: AnomalyList,
  type: string,
  members: Iterable<Member>,
  sentence: (member: Member) => string,
): void => {
  for (const member of members)
    anomalies.add(type, () => ({ sentence: sentence(member), story: [], requests: [] }));
};

/** A check whose records all go to `operations`. */
export const objectCheck = (operations: Operations, finish: () => Verdict): ObjectCheck => ({
  add: (record) => operations.add(record),
  addProblem: (problem) => operations.addProblem(problem),
  finish: () => {
    operations.finish();
    return finish();
  },
});
