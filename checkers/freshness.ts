/**
 * P13: a read sees every write that was acknowledged before it began.
 *
 * The staleness curve (P16) is measured beside: how often a read saw the write acknowledged last before it, by the
 * time between the two, and how many acknowledged versions a read was behind.
 *
 * Promised only by a strict quorum, where R + W > N among the homes alone; with fallbacks it is a measure. What a
 * delete had seen before the read ended counts as seen, unless the read shows that it was not done. A write that is lost for good makes every later read of its
 * key stale, so look at `acked-writes` first.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings, type Told } from "./finding.ts";
import { type Intervals, including } from "./graph/intervals.ts";
import { askerOf, endOf, faultSentences, listed, secondsOf, wroteSentence } from "./graph/story.ts";
import { type KeyDag, versionDagOf } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";
import { missingFrom } from "./misses.ts";

const name = "freshness";
const properties = ["P13", "P16"] as const;

/** Upper ends of the ages in which reads are counted, in milliseconds since the latest acknowledgement. */
const ageEndsMs = [1, 10, 100, 1000, 10_000, Infinity] as const;
/** Lower ends of the numbers of missed versions by which stale reads are counted. A read's are counted up to the last. */
const behindStarts = [1, 2, 4, 16] as const;
const behindMost = 16;

export const freshness = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const tally = {
      reads: 0,
      overBudget: 0,
      curve: ageEndsMs.map(() => ({ seen: 0, reads: 0 })),
      behind: behindStarts.map(() => 0),
    };
    const dags = versionDagOf(history);
    for (let key = 0; key < history.keys.count; key++) {
      const dag = dags.key(key);
      if (dag.hasCovers()) judgeKey(history, dag, findings, tally);
      else tally.overBudget += 1;
    }
    if (tally.reads === 0) findings.doubt("No read began after an acknowledged write of its key.");
    if (tally.overBudget > 0)
      findings.doubt(`${tally.overBudget} keys have too many versions to judge each read.`);
    const stale = findings.count("stale-read");
    const share = tally.reads === 0 ? 0 : stale / tally.reads;
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary: `${counted(stale)} of ${counted(tally.reads)} reads missed an acknowledged write (${(100 * share).toFixed(2)} %)`,
      metrics: {
        reads: tally.reads,
        stale,
        staleShare: share,
        ...curveMetrics(tally.curve),
        ...behindMetrics(tally),
      },
    });
  },
});

type Behind = { readonly reads: number; readonly behind: readonly number[] };

/** "missed versions: 2 to 3" -> the share of reads that missed so many acknowledged versions. */
const behindMetrics = ({ reads, behind }: Behind): Record<string, number> =>
  Object.fromEntries(
    behind.flatMap((count, index) => {
      const [start = 1, next] = behindStarts.slice(index);
      const last = next === undefined ? " or more" : next - 1 > start ? ` to ${next - 1}` : "";
      return count === 0 ? [] : [[`missed versions: ${start}${last}`, count / reads]];
    }),
  );

type Age = { seen: number; reads: number };

/** "seen 10 ms after" -> the share of reads up to that much later which saw the write acknowledged last. */
const curveMetrics = (curve: readonly Age[]): Record<string, number> =>
  Object.fromEntries(
    curve.flatMap(({ seen, reads }, index) => {
      const end = ageEndsMs[index] ?? Infinity;
      const label = end === Infinity ? `seen over ${ageEndsMs.at(-2)} ms after` : `seen ${end} ms after`;
      return reads === 0 ? [] : [[label, seen / reads]];
    }),
  );

const judgeKey = (
  history: History,
  dag: KeyDag,
  findings: Findings,
  tally: { reads: number; readonly curve: readonly Age[]; readonly behind: number[] },
): void => {
  const { requests, written } = history;
  const isAcknowledged = (version: number): boolean => requests.outcome(written.row(version)) === "ok";
  const acknowledged = dag.versions.filter(isAcknowledged);
  if (acknowledged.length === 0) return;
  acknowledged.sort((a, b) => requests.done(written.row(a)) - requests.done(written.row(b)));
  const reads = [...history.rowsOfKey(dag.key)].filter(
    (row) => requests.kind(row) === "get" && requests.outcome(row) === "ok",
  );
  reads.sort((a, b) => requests.sent(a) - requests.sent(b));
  let known: Intervals = [];
  let next = 0;
  for (const row of reads) {
    for (let one = acknowledged[next]; one !== undefined; one = acknowledged[++next]) {
      if (requests.done(written.row(one)) >= requests.sent(row)) break;
      known = including(known, dag.position(one));
    }
    if (known.length === 0) continue;
    tally.reads += 1;
    const cover = dag.coverOf(requests.observed(row), requests.tombstones(row));
    const latest = acknowledged[next - 1] ?? -1;
    const age = (requests.sent(row) - requests.done(written.row(latest))) / 1000;
    const point = tally.curve[ageEndsMs.findIndex((end) => age <= end)];
    if (point !== undefined) {
      point.reads += 1;
      if (dag.covers(cover, latest)) point.seen += 1;
    }
    const missing = missingFrom(history, dag, { row, expected: known, cover, countMax: behindMost });
    if (missing === undefined) continue;
    findings.found("stale-read", () => toldStale(history, row, missing.version), missing.isExcused);
    const slot = behindStarts.findLastIndex((start) => missing.count >= start);
    if (slot >= 0) tally.behind[slot] = (tally.behind[slot] ?? 0) + 1;
  }
};

const toldStale = (history: History, row: number, missed: number): Told => {
  const read = history.requests.request(row);
  const write = history.requests.request(history.written.row(missed));
  const age = ((read.sent - write.done) / 1000).toFixed(1);
  return {
    key: read.key,
    sentence: `${read.key} was read by ${askerOf(read)} without ${write.write}, which had been acknowledged ${age} ms before.`,
    story: [
      wroteSentence(history, missed),
      `Request ${read.id}, sent at ${secondsOf(read.sent)}, returned ${listed(read.observed)}: ${endOf(read)}.`,
      ...faultSentences(history, write.sent, read.done),
    ],
    requests: [write.id, read.id],
    writes: [write.write ?? "", ...read.observed],
  };
};
