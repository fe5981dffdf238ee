/**
 * P10 and P11: what one client may expect of its own reads. It reads what it has written, and never reads older than
 * before. Judged per process, which is one connection of one device.
 *
 * A quorum store promises the first only where the quorum is strict, and the second hardly ever: a later read may
 * meet other replicas. Where it is not promised it is measured; the shares are the point of the report.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings, type Told } from "./finding.ts";
import { type Intervals, including } from "./graph/intervals.ts";
import { faultSentences, listed, secondsOf, wroteSentence } from "./graph/story.ts";
import { type KeyDag, versionDagOf } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";
import { missingFrom } from "./misses.ts";

const name = "sessions";
const properties = ["P10", "P11"] as const;

/** What one process may expect of the next read of a key, by positions. */
type Expectation = { written: Intervals; read: Intervals };
type Tally = { afterWrite: number; afterRead: number };

export const sessions = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const tally: Tally = { afterWrite: 0, afterRead: 0 };
    const dags = versionDagOf(history);
    for (let key = 0; key < history.keys.count; key++) {
      const dag = dags.key(key);
      if (dag.hasCovers()) judgeKey(history, dag, findings, tally);
      else findings.doubt(`${history.keys.name(key)} has too many versions to judge each read.`);
    }
    if (tally.afterWrite + tally.afterRead === 0) findings.doubt("No client came back to a key.");
    const unread = findings.count("own-write-unread");
    const backward = findings.count("backward-read");
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary:
        `${counted(unread)} of ${counted(tally.afterWrite)} reads missed an own write, ` +
        `${counted(backward)} of ${counted(tally.afterRead)} went back behind an own read`,
      metrics: { ...tally, unread, backward },
    });
  },
});

const judgeKey = (history: History, dag: KeyDag, findings: Findings, tally: Tally): void => {
  const { requests, written } = history;
  const expectations = new Map<number, Expectation>();
  for (const row of history.rowsOfKey(dag.key)) {
    if (requests.outcome(row) !== "ok" || requests.isFinal(row)) continue;
    const process = requests.process(row);
    const expectation = expectations.get(process) ?? { written: [], read: [] };
    expectations.set(process, expectation);
    const version = requests.version(row);
    if (version >= 0) {
      if (written.row(version) === row)
        expectation.written = including(expectation.written, dag.position(version));
      continue;
    }
    const cover = dag.coverOf(requests.observed(row), requests.tombstones(row));
    if (expectation.written.length > 0) tally.afterWrite += 1;
    if (expectation.read.length > 0) tally.afterRead += 1;
    const asked = { row, cover, countMax: 1 };
    const unread = missingFrom(history, dag, { ...asked, expected: expectation.written });
    if (unread !== undefined) {
      const tell = () => toldMiss(history, row, unread.version, "had written it before");
      findings.found("own-write-unread", tell, unread.isExcused);
    }
    const gone = missingFrom(history, dag, { ...asked, expected: expectation.read });
    if (gone !== undefined) {
      const clause = "had read it, or what was built on it, before";
      findings.found("backward-read", () => toldMiss(history, row, gone.version, clause), gone.isExcused);
    }
    expectation.read = cover;
  }
};

const toldMiss = (history: History, row: number, missed: number, clause: string): Told => {
  const read = history.requests.request(row);
  const write = history.requests.request(history.written.row(missed));
  return {
    key: read.key,
    sentence: `p${read.process} read ${read.key} through ${read.entry} without ${write.write}, though it ${clause}.`,
    story: [
      wroteSentence(history, missed),
      `At ${secondsOf(read.sent)} p${read.process} asked ${read.entry} and got ${listed(read.observed)} (request ${read.id}).`,
      ...faultSentences(history, write.sent, read.done),
    ],
    requests: [write.id, read.id],
    writes: [write.write ?? "", ...read.observed],
  };
};
