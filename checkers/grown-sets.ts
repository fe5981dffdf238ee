/**
 * Grow-only sets, set by set, by the same check that judges sets of any store: an element whose add was acknowledged
 * must be in the reads after it from some time on. An element whose add was not is owed to nobody, seen or not.
 *
 * What is left of a set is what the final reads through all nodes show together. So a read under load that misses an
 * element makes it stale, which is counted, and only final reads make it lost; one that may still arrive is not. Lost
 * elements are violations in every configuration that keeps writes.
 */
import { checkerOf } from "./checker.ts";
import { type FinalReads, finalReadsOf } from "./final-reads.ts";
import { counted } from "./finding.ts";
import { versionDagOf } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";
import { setFullCheck } from "./objects/set-full.ts";
import { classOf, gradeOf } from "./promises.ts";
import { lateVersions } from "./quiescence.ts";
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
      const { verdict, isUndecided } = judgeSet(history, key);
      const { attempted = 0, stale = 0, lost = 0 } = verdict.metrics;
      tally.sets += 1;
      tally.elements += Number(attempted);
      tally.stale += Number(stale);
      tally.lost += Number(lost);
      tally.anomalies += verdict.anomalyCount;
      if (isUndecided) tally.undecided += 1;
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
        `${counted(tally.stale)} missing for a while.${undecidedText(tally.undecided)}${because}`,
      anomalies: anomalies.slice(0, anomalyLimit),
      anomalyCount: tally.anomalies,
      metrics: tally,
      violations: tally.anomalies === 0 ? {} : { P2: tally.anomalies },
      ...(isExpected ? { expected: true } : {}),
    };
  },
});

const undecidedText = (count: number): string =>
  count === 0 ? "" : ` Of ${counted(count)} sets nobody can tell: not read in the end, or not at rest.`;

const judgeSet = (
  history: History,
  key: number,
): { readonly verdict: Verdict; readonly isUndecided: boolean } => {
  const { requests, written } = history;
  const finals = finalReadsOf(history, key);
  const debts = debtsOf(history, key, finals);
  const nameOf = (tag: number): string => {
    const item = written.itemOf(tag);
    return item < 0 ? "(nothing)" : written.items.name(item);
  };
  // What nobody added is kept, for the check to name.
  const isJudged = (tag: number): boolean => written.addedBy(tag) < 0 || debts.owed.has(written.addedBy(tag));
  const elements = (versions: Iterable<number>): readonly string[] => {
    const tags = [...versions].flatMap((version) => [...written.live(version)]);
    return [...new Set(tags.filter(isJudged).map(nameOf))];
  };
  const isRead = (row: number): boolean => requests.kind(row) === "get";
  const added = (row: number): string => nameOf(written.added(requests.version(row))[0] ?? -1);
  // One read stands for all final ones, which are judged together.
  const [last] = finals.rows;
  const rows = [...history.rowsOfKey(key)].filter((row) =>
    isRead(row)
      ? !requests.isFinal(row) || row === last
      : requests.outcome(row) !== "ok" || debts.owed.has(requests.version(row)),
  );
  const check = setFullCheck({ linearizable: false });
  const records = runOperations(history, rows, {
    f: (row) => (isRead(row) ? "read" : "add"),
    asked: (row) => (isRead(row) ? null : added(row)),
    answered: (row) => {
      if (!isRead(row)) return added(row);
      return elements(row === last ? finals.seen : requests.observed(row));
    },
  });
  for (const record of records) check.add(record);
  const verdict = check.finish();
  return { verdict, isUndecided: debts.openCount > 0 || verdict.type === "inconclusive" };
};

/** The acknowledged writes that the final reads must show, and how many others there are: unread, or perhaps late. */
const debtsOf = (
  history: History,
  key: number,
  finals: FinalReads,
): { readonly owed: ReadonlySet<number>; readonly openCount: number } => {
  const { requests, written } = history;
  const dag = versionDagOf(history).key(key);
  const acknowledged = dag.versions.filter((version) => requests.outcome(written.row(version)) === "ok");
  if (finals.rows.length === 0) return { owed: new Set(), openCount: acknowledged.length };
  const kept = dag.reached(finals.seen);
  const mayArrive = lateVersions(history, dag);
  const isOwed = (version: number): boolean => kept[dag.position(version)] === 1 || !mayArrive(version);
  const owed = new Set(acknowledged.filter(isOwed));
  return { owed, openCount: acknowledged.length - owed.size };
};
