/**
 * Judges a run from what it left on disk: the journal alone, by the checkers of its workload. A run that has just
 * ended and one that is looked at again a year later go the same way, so they get the same verdict.
 */
import { access } from "node:fs/promises";
import { cartCheckers } from "../../checkers/cart-checkers.ts";
import type { Checker } from "../../checkers/checker.ts";
import { type History, historyFromJournal } from "../../checkers/history/history.ts";
import { judge } from "../../checkers/judge.ts";
import { withTimelines } from "../../checkers/replica-timeline.ts";
import { serviceRows } from "../../checkers/service-level.ts";
import { keysToTell, withSmallestParts } from "../../checkers/smallest-part.ts";
import { exported } from "../../results/export/export.ts";
import { markdownSummary } from "../../results/markdown.ts";
import { recordOfRun } from "../../results/record-of-run.ts";
import { explorerProgram } from "../../results/report/explorer-program.ts";
import { figuresOfRun } from "../../results/report/figures-of-run.ts";
import type { NodeMessage } from "../../results/report/message-diagram.ts";
import { renderReport } from "../../results/report/report.ts";
import type { RunEnvironment, RunRecord } from "../../results/run-record.ts";
import type { RunFolder, RunStore } from "../../results/store.ts";
import { catalog } from "../../workloads/catalog.ts";
import { type Refusal, refuse } from "../outcome.ts";
import { eventLogsOf } from "./event-logs.ts";
import { eventsAbout, journalChunks } from "./journal-file.ts";

export type Judged = {
  readonly type: "judged";
  readonly record: RunRecord;
  readonly history: History;
  /** Between nodes, about the keys of anomalies; none where the nodes kept no event logs. */
  readonly messages: readonly NodeMessage[];
};

/** Judges the journal of `folder`. Refused when there is none. */
export async function judgeRun(folder: RunFolder, environment: RunEnvironment): Promise<Judged | Refusal> {
  const isThere = await access(folder.journal).then(
    () => true,
    () => false,
  );
  if (!isThere)
    return refuse("usage", `${folder.path} holds no history.journal, so there is nothing to judge.`);
  const history = await historyFromJournal(journalChunks(folder.journal));
  const checkers: readonly Checker[] = catalog.get(history.run?.workload ?? "")?.checkers ?? cartCheckers;
  const judged = judge(history, checkers);
  const events = await eventLogsOf(folder, history, judged);
  const timed = withTimelines(judged, history, events);
  const keys = keysToTell(timed);
  const judgement =
    keys.size === 0 ? timed : withSmallestParts(timed, await eventsAbout(folder.journal, keys), checkers);
  const record = recordOfRun({ history, judgement, service: serviceRows(history), environment });
  const messages = events.flatMap(({ message }) => (message === undefined ? [] : [message]));
  return { type: "judged", record, history, messages };
}

/** Writes verdict, summary, report and what other programs read into the run's folder. Resolves with the sentence of a disk that refuses. */
export async function keepJudged(
  store: RunStore,
  folder: RunFolder,
  { record, history, messages }: Judged,
): Promise<string | undefined> {
  const page = renderReport(record, { ...figuresOfRun(history, record), messages }, await explorerProgram());
  const kept = [
    await store.saveVerdict(folder, record),
    await store.saveReport(folder, page),
    await store.saveSummary(folder, markdownSummary(record)),
  ];
  for (const format of ["csv", "junit", "hlog"] as const)
    kept.push(await store.saveExport(folder, format, exported(format, { record, history })));
  return kept.find((one) => one.type === "failed")?.reason;
}
