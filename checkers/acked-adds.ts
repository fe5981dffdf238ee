/**
 * P2: no acknowledged add is lost. What the shopper sees.
 *
 * An item whose add was acknowledged is in the cart that the final reads make together, or some write among their
 * ancestors took it out and had observed it, or a delete had. A remove that failed for certain excuses nothing.
 * Weaker than P1, and kept beside it: it also judges what later writes made of the carts they had seen, so it finds
 * a broken codec, and it holds for codecs that rightly rewrite values.
 */
import { concludedLosses, type LossTally, noLosses } from "./acknowledged-losses.ts";
import { checkerOf } from "./checker.ts";
import { finalReadsOf } from "./final-reads.ts";
import { Findings, type Told } from "./finding.ts";
import { holdsTag, mergedCart } from "./graph/cart.ts";
import { deletesBehind } from "./graph/deletes.ts";
import { lineageOf } from "./graph/lineage.ts";
import { type Removers, removersOf } from "./graph/removers.ts";
import {
  dumpSentence,
  faultSentences,
  faultsBetween,
  finalSentence,
  lastReadSentence,
  wroteSentence,
} from "./graph/story.ts";
import { type KeyDag, versionDagOf } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";
import { lateVersions } from "./quiescence.ts";

const name = "acked-adds";
const properties = ["P2"] as const;

type Add = { readonly tag: number; readonly version: number };

export const ackedAdds = checkerOf({
  name,
  properties,
  check: (history) => {
    const tally = noLosses();
    const findings = new Findings();
    const dags = versionDagOf(history);
    const removers = removersOf(history);
    for (let key = 0; key < history.keys.count; key++) {
      judgeKey({ history, dag: dags.key(key), removers, findings, tally });
    }
    return concludedLosses(history, {
      checker: name,
      property: "P2",
      noun: "add",
      anomaly: "lost-add",
      findings,
      tally,
    });
  },
});

type Case = {
  readonly history: History;
  readonly dag: KeyDag;
  readonly removers: Removers;
  readonly findings: Findings;
  readonly tally: LossTally;
};

const judgeKey = ({ history, dag, removers, findings, tally }: Case): void => {
  const { requests, written } = history;
  const adds: Add[] = dag.versions
    .filter((version) => requests.outcome(written.row(version)) === "ok")
    .flatMap((version) => Array.from(written.added(version), (tag) => ({ tag, version })));
  tally.acknowledged += adds.length;
  if (adds.length === 0) return;
  const finals = finalReadsOf(history, dag.key);
  if (finals.rows.length === 0) {
    tally.unjudged += adds.length;
    return;
  }
  const cart = mergedCart(history, finals.seen);
  const absent = adds.filter(({ tag }) => !holdsTag(history, cart, tag));
  if (absent.length === 0) return;
  const deleted = dag.reached(deletesBehind(history, dag, finals.seen));
  const kept = dag.reached(finals.seen);
  const isTakenBy = (version: number): boolean => {
    const position = dag.position(version);
    const mayHaveHappened = requests.outcome(written.row(version)) !== "fail";
    return mayHaveHappened && (kept[position] === 1 || deleted[position] === 1);
  };
  const lost = absent.filter(
    ({ tag, version }) => deleted[dag.position(version)] !== 1 && !removers.of(tag).some(isTakenBy),
  );
  if (lost.length === 0) return;
  const mayArrive = lateVersions(history, dag);
  for (const add of lost) {
    if (kept[dag.position(add.version)] !== 1 && mayArrive(add.version)) tally.late += 1;
    else findings.found("lost-add", () => toldLoss(history, dag, add, finals));
  }
};

const toldLoss = (
  history: History,
  dag: KeyDag,
  { tag, version }: Add,
  finals: { readonly rows: readonly number[]; readonly seen: readonly number[] },
): Told => {
  const request = history.requests.request(history.written.row(version));
  const item = history.written.items.name(history.written.itemOf(tag));
  const write = history.written.name(version);
  return {
    key: request.key,
    sentence: `The item ${item}, whose add ${write} to ${request.key} was acknowledged, is not in the final cart, and nobody who saw it took it out.`,
    story: [
      wroteSentence(history, version),
      ...faultSentences(history, request.sent, request.done),
      lastReadSentence(history, dag.key, version),
      ...droppedBySentence(history, dag, { tag, version }),
      ...faultsBetween(history, request.done, history.lastAt),
      ...dumpSentence(history, dag, version),
      finalSentence(history, finals.rows),
    ],
    requests: [request.id, ...finals.rows.map((row) => history.requests.id(row))],
    writes: [write],
    lineage: lineageOf(history, dag, { missing: version, seen: finals.seen }),
  };
};

/** The first write that had seen the add and holds it no more, though it took nothing of it out. */
const droppedBySentence = (history: History, dag: KeyDag, { tag, version }: Add): string[] => {
  const { written } = history;
  const dropper = dag.versions.find((candidate) => {
    const isBuiltOnIt = written.parents(candidate).some((parent) => {
      const cart = mergedCart(history, [parent]);
      return parent === version || holdsTag(history, cart, tag);
    });
    const isCart = written.codec(candidate) !== "none";
    return isBuiltOnIt && isCart && !holdsTag(history, mergedCart(history, [candidate]), tag);
  });
  return dropper === undefined ? [] : [`The item was dropped here: ${wroteSentence(history, dropper)}`];
};
