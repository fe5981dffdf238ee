/**
 * P1: no acknowledged write is lost.
 *
 * After the heal, an acknowledged write must be among what the final reads returned or an ancestor of it, or have
 * been taken by a delete that had seen it and that the final reads do not belie. One backward walk over the embedded parents a key; no search is needed.
 * Writes of unknown outcome may be there or not. What only some nodes' final reads show is `convergence`'s.
 *
 * Proves: with final reads of every key, every loss. Cannot: say where it was lost; a write that a later one had
 * seen counts as kept, whatever that one made of it (see `acked-adds`).
 */
import { concludedLosses, type LossTally, noLosses } from "./acknowledged-losses.ts";
import { checkerOf } from "./checker.ts";
import { finalReadsOf } from "./final-reads.ts";
import { Findings, type Told } from "./finding.ts";
import { deletesBehind } from "./graph/deletes.ts";
import { lineageOf } from "./graph/lineage.ts";
import {
  dumpSentence,
  faultSentences,
  faultsBetween,
  finalSentence,
  lastReadSentence,
  writtenPastSentence,
  wroteSentence,
} from "./graph/story.ts";
import { type KeyDag, versionDagOf } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";
import { lateVersions } from "./quiescence.ts";

const name = "acked-writes";
const properties = ["P1"] as const;

export const ackedWrites = checkerOf({
  name,
  properties,
  check: (history) => {
    const tally = noLosses();
    const findings = new Findings();
    const dags = versionDagOf(history);
    for (let key = 0; key < history.keys.count; key++) judgeKey(history, dags.key(key), findings, tally);
    return concludedLosses(history, {
      checker: name,
      property: "P1",
      noun: "write",
      anomaly: "lost-write",
      findings,
      tally,
    });
  },
});

const judgeKey = (history: History, dag: KeyDag, findings: Findings, tally: LossTally): void => {
  const { requests, written } = history;
  const acknowledged = dag.versions.filter((version) => requests.outcome(written.row(version)) === "ok");
  tally.acknowledged += acknowledged.length;
  if (acknowledged.length === 0) return;
  const finals = finalReadsOf(history, dag.key);
  if (finals.rows.length === 0) {
    tally.unjudged += acknowledged.length;
    return;
  }
  const kept = dag.reached([...finals.seen, ...deletesBehind(history, dag, finals.seen)]);
  const missing = acknowledged.filter((version) => kept[dag.position(version)] !== 1);
  if (missing.length === 0) return;
  const mayArrive = lateVersions(history, dag);
  for (const version of missing) {
    if (mayArrive(version)) tally.late += 1;
    else findings.found("lost-write", () => toldLoss(history, dag, version, finals));
  }
};

const toldLoss = (
  history: History,
  dag: KeyDag,
  version: number,
  finals: { readonly rows: readonly number[]; readonly seen: readonly number[] },
): Told => {
  const request = history.requests.request(history.written.row(version));
  const write = history.written.name(version);
  return {
    key: request.key,
    sentence: `The acknowledged write ${write} of ${request.key} is lost: no final read returned it or a successor of it.`,
    story: [
      wroteSentence(history, version),
      ...faultSentences(history, request.sent, request.done),
      lastReadSentence(history, dag.key, version),
      ...writtenPastSentence(history, dag, version),
      ...faultsBetween(history, request.done, history.lastAt),
      ...dumpSentence(history, dag, version),
      finalSentence(history, finals.rows),
    ],
    requests: [request.id, ...finals.rows.map((row) => history.requests.id(row))],
    writes: [write],
    lineage: lineageOf(history, dag, { missing: version, seen: finals.seen }),
  };
};
