/**
 * P4 and P4k: what was taken out stays out.
 *
 * A tagged cart must not show a line when a remove that had observed it is among the cart's own ancestors: with an
 * observed-remove set only an add that the remove had not seen may keep the item. A union cart cannot keep that
 * promise, since by name alone nobody can tell "never had it" from "took it out"; there it is a rate. And a key that
 * was deleted, with acknowledgement, must not return in the final reads with a version that the delete had seen.
 *
 * P5, a remove with nothing concurrent takes effect, follows from P1 and P4 and has no checker of its own.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings } from "./finding.ts";
import { mergedCart } from "./graph/cart.ts";
import { type Intervals, union } from "./graph/intervals.ts";
import { type Removers, removersOf } from "./graph/removers.ts";
import { secondsOf, wroteSentence } from "./graph/story.ts";
import { type KeyDag, versionDagOf } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";
import { unrest } from "./quiescence.ts";
import { UnionRate } from "./union-rate.ts";

const name = "resurfacing";
const properties = ["P4", "P4k"] as const;

type Case = {
  readonly history: History;
  readonly dag: KeyDag;
  readonly removers: Removers;
  readonly findings: Findings;
  readonly tally: { reads: number; staleDeleted: number; overBudget: number; lateDeleted: number };
};

export const resurfacing = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const tally = { reads: 0, staleDeleted: 0, overBudget: 0, lateDeleted: 0 };
    const dags = versionDagOf(history);
    const removers = removersOf(history);
    const rate = new UnionRate(history, removers, findings);
    for (let key = 0; key < history.keys.count; key++) {
      const each = { history, dag: dags.key(key), removers, findings, tally };
      if (!each.dag.hasCovers()) {
        tally.overBudget += 1;
        continue;
      }
      judgeTags(each);
      judgeDeletes(each);
      rate.key(each.dag);
    }
    if (tally.reads === 0) findings.doubt("No read returned a value.");
    if (tally.overBudget > 0)
      findings.doubt(`${tally.overBudget} keys have too many versions to judge each read.`);
    if (tally.lateDeleted > 0) {
      findings.doubt(
        `${counted(tally.lateDeleted)} deleted keys still returned, but may be late: ${unrest(history)}`,
      );
    }
    const resurfaced = findings.count("resurfaced-tag");
    const resurrected = findings.count("resurrected-key");
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary: rate.isUsed
        ? `${rate.sentence()}; ${counted(resurrected)} deleted keys came back`
        : `${counted(resurfaced)} removed lines resurfaced and ${counted(resurrected)} deleted keys came back in ${counted(tally.reads)} reads`,
      metrics: {
        reads: tally.reads,
        resurfaced,
        resurrected,
        staleDeleted: tally.staleDeleted,
        ...rate.metrics(),
      },
    });
  },
});

/** Each line at most once a key: the first read that shows it. */
const judgeTags = ({ history, dag, removers, findings, tally }: Case): void => {
  const { requests } = history;
  const isJudged = new Set<number>();
  const isTold = new Set<number>();
  for (const row of history.rowsOfKey(dag.key)) {
    if (requests.kind(row) !== "get" || requests.outcome(row) !== "ok") continue;
    const observed = requests.observed(row);
    if (observed.length === 0) continue;
    tally.reads += 1;
    // The cart of a single version is the same in every read that returns it.
    const only = observed.length === 1 ? (observed[0] ?? -1) : -1;
    if (only >= 0 && isJudged.has(only)) continue;
    isJudged.add(only);
    let cover: Intervals | undefined;
    for (const tag of mergedCart(history, observed).tags) {
      if (isTold.has(tag) || !removers.hasAny(tag)) continue;
      const known = (cover ??= dag.coverOf(observed));
      const remover = removers.of(tag).find((version) => dag.covers(known, version));
      if (remover === undefined) continue;
      isTold.add(tag);
      findings.found("resurfaced-tag", () => toldTag(history, { row, tag, remover }));
    }
  }
};

const toldTag = (
  history: History,
  { row, tag, remover }: { readonly row: number; readonly tag: number; readonly remover: number },
) => {
  const { requests, written } = history;
  const read = requests.request(row);
  const item = written.items.name(written.itemOf(tag));
  return {
    key: read.key,
    sentence: `${read.key} shows the ${item} that ${written.name(remover)} took out, although the cart was built on ${written.name(remover)}.`,
    story: [
      wroteSentence(history, written.addedBy(tag)),
      wroteSentence(history, remover),
      ...[...requests.observed(row)].map((version) => wroteSentence(history, version)),
      `At ${secondsOf(read.done)} p${read.process} read it (request ${read.id}).`,
    ],
    requests: [read.id],
    writes: [written.name(remover), ...read.observed],
  };
};

/** Final reads decide; a read under load that misses a delete is counted only, as stale reads are. */
const judgeDeletes = ({ history, dag, findings, tally }: Case): void => {
  const { requests, written } = history;
  const deletes = dag.versions
    .filter((version) => requests.kind(written.row(version)) === "delete")
    .filter((version) => requests.outcome(written.row(version)) === "ok")
    .toSorted((a, b) => requests.done(written.row(a)) - requests.done(written.row(b)));
  if (deletes.length === 0) return;
  const isLate = history.calm.length > 0 && unrest(history) !== undefined;
  let next = 0;
  let deleted: Intervals = [];
  let isTold = false;
  const reads = [...history.rowsOfKey(dag.key)].toSorted((a, b) => requests.sent(a) - requests.sent(b));
  for (const row of reads) {
    for (let one = deletes[next]; one !== undefined; one = deletes[++next]) {
      if (requests.done(written.row(one)) >= requests.sent(row)) break;
      deleted = union(deleted, dag.cover(dag.position(one)));
    }
    if (requests.kind(row) !== "get" || requests.outcome(row) !== "ok") continue;
    const returned = requests.observed(row).find((version) => dag.covers(deleted, version));
    if (returned === undefined) continue;
    if (!requests.isFinal(row)) tally.staleDeleted += 1;
    else if (isTold) continue;
    else if (isLate) tally.lateDeleted += 1;
    else findings.found("resurrected-key", () => toldDeleted(history, dag, row, returned, deletes));
    isTold = isTold || requests.isFinal(row);
  }
};

const toldDeleted = (
  history: History,
  dag: KeyDag,
  row: number,
  returned: number,
  deletes: readonly number[],
) => {
  const { requests, written } = history;
  const read = requests.request(row);
  const guilty = deletes.find((one) => dag.covers(dag.cover(dag.position(one)), returned)) ?? -1;
  return {
    key: read.key,
    sentence: `${read.key} was deleted by ${written.name(guilty)}, with acknowledgement, and the final read through ${read.entry} returned ${written.name(returned)}, which the delete had seen.`,
    story: [wroteSentence(history, returned), wroteSentence(history, guilty)],
    requests: [read.id, requests.id(written.row(guilty))],
    writes: [written.name(returned), written.name(guilty)],
  };
};
