/**
 * Grow-only sets, set by set, by the same check that judges sets of any store: an element whose add was acknowledged,
 * or that a read has shown, must be in the reads after it from some time on.
 *
 * Lost elements are violations in every configuration that keeps writes. An element that is missing for a while is
 * stale, which a quorum of homes may still show for a write in progress: it is counted.
 */
import { checkerOf } from "./checker.ts";
import { counted } from "./finding.ts";
import type { History } from "./history/history.ts";
import { setFullCheck } from "./objects/set-full.ts";
import { classOf, gradeOf } from "./promises.ts";
import { runOperations } from "./run-operations.ts";
import { type Anomaly, anomalyLimit, type Verdict } from "./verdict.ts";

const name = "grown-sets";
const properties = ["P2"] as const;

export const grownSets = checkerOf({
  name,
  properties,
  check: (history): Verdict => {
    const anomalies: Anomaly[] = [];
    const tally = { sets: 0, elements: 0, stale: 0, lost: 0, anomalies: 0, undecided: 0 };
    for (let key = 0; key < history.keys.count; key++) {
      const verdict = judgeSet(history, key);
      const { attempted = 0, stale = 0, lost = 0 } = verdict.metrics;
      tally.sets += 1;
      tally.elements += Number(attempted);
      tally.stale += Number(stale);
      tally.lost += Number(lost);
      tally.anomalies += verdict.anomalyCount;
      if (verdict.type === "inconclusive") tally.undecided += 1;
      for (const one of verdict.anomalies) anomalies.push({ ...one, key: history.keys.name(key) });
    }
    const isExpected = tally.anomalies > 0 && gradeOf(history, "P2") !== "hard";
    const type = tally.anomalies > 0 ? "violated" : tally.undecided > 0 ? "inconclusive" : "passed";
    const because = isExpected ? ` Expected of this configuration (${classOf(history)?.name}).` : "";
    return {
      checker: name,
      properties,
      type,
      summary:
        `${counted(tally.lost)} of ${counted(tally.elements)} elements of ${counted(tally.sets)} sets lost, ` +
        `${counted(tally.stale)} missing for a while.${because}`,
      anomalies: anomalies.slice(0, anomalyLimit),
      anomalyCount: tally.anomalies,
      metrics: tally,
      violations: tally.anomalies === 0 ? {} : { P2: tally.anomalies },
      ...(isExpected ? { expected: true } : {}),
    };
  },
});

const judgeSet = (history: History, key: number): Verdict => {
  const { requests, written } = history;
  const nameOf = (tag: number): string => {
    const item = written.itemOf(tag);
    return item < 0 ? "(nothing)" : written.items.name(item);
  };
  const elements = (version: number): readonly string[] => [...written.live(version)].map(nameOf);
  const added = (row: number): string => nameOf(written.added(requests.version(row))[0] ?? -1);
  const check = setFullCheck({ linearizable: false });
  const records = runOperations(history, history.rowsOfKey(key), {
    f: (row) => (requests.kind(row) === "get" ? "read" : "add"),
    asked: (row) => (requests.kind(row) === "get" ? null : added(row)),
    answered: (row) =>
      requests.kind(row) === "get" ? [...new Set([...requests.observed(row)].flatMap(elements))] : added(row),
  });
  for (const record of records) check.add(record);
  return check.finish();
};
