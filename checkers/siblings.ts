/**
 * P6 and P7: siblings are versions that had not seen each other, each once.
 *
 * A version beside another that was built on it is a false sibling: the store called concurrent what one context had
 * reconciled, and the client must merge what was merged. One write returned more than once is a retry taken for a
 * write of its own, the seed of sibling explosions. When both hold, siblings are pairwise concurrent writes, so
 * their number is bounded by the concurrency of the clients, and a put with a context replaces just what it had seen
 * (P8, as far as reads can tell). The greatest numbers are reported as measures (P22).
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings } from "./finding.ts";
import { type Intervals, union } from "./graph/intervals.ts";
import { listed, namesOf, secondsOf, wroteSentence } from "./graph/story.ts";
import { type KeyDag, versionDagOf } from "./graph/version-dag.ts";
import type { History } from "./history/history.ts";

const name = "siblings";
const properties = ["P6", "P7", "P22"] as const;

/** Of the reads of shopping carts in production, those that returned one version: Dynamo (SOSP 2007) §6.3. */
export const paperOneVersionShare = 0.9994;

type Tally = { reads: number; siblingReads: number; siblingsMax: number; tombstonesMax: number };

export const siblings = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const tally: Tally = { reads: 0, siblingReads: 0, siblingsMax: 0, tombstonesMax: 0 };
    const dags = versionDagOf(history);
    let overBudget = 0;
    for (let key = 0; key < history.keys.count; key++) {
      judgeKey(history, dags.key(key), findings, tally);
      if (!dags.key(key).hasCovers()) overBudget += 1;
    }
    if (overBudget > 0) findings.doubt(`${overBudget} keys have too many versions to judge each read.`);
    if (tally.reads === 0) findings.doubt("No read was answered.");
    const oneVersionShare = tally.reads === 0 ? 0 : 1 - tally.siblingReads / tally.reads;
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary:
        `${counted(findings.total())} false or repeated siblings in ${counted(tally.siblingReads)} reads of several versions; ` +
        `${percent(oneVersionShare)} of reads returned one version at most (the paper: ${percent(paperOneVersionShare)})`,
      metrics: { ...tally, oneVersionShare, paperOneVersionShare },
    });
  },
});

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Each pair and each repeated write is told once. */
const judgeKey = (history: History, dag: KeyDag, findings: Findings, tally: Tally): void => {
  const { requests } = history;
  const told = new Set<string>();
  for (const row of history.rowsOfKey(dag.key)) {
    if (requests.kind(row) !== "get" || requests.outcome(row) !== "ok") continue;
    const observed = requests.observed(row);
    const tombstones = requests.tombstones(row);
    tally.reads += 1;
    tally.siblingsMax = Math.max(tally.siblingsMax, observed.length);
    tally.tombstonesMax = Math.max(tally.tombstonesMax, tombstones.length);
    const seen = [...observed, ...tombstones];
    if (seen.length < 2) continue;
    tally.siblingReads += 1;
    for (const version of repeatedIn(seen)) {
      tellOnce(told, `twice ${version}`, () => tellTwice(history, findings, row, version));
    }
    if (!dag.hasCovers()) continue;
    const superseded = ancestorsOf(dag, seen);
    for (const version of seen) {
      if (!dag.covers(superseded, version)) continue;
      const isNewer = (other: number): boolean =>
        other !== version && dag.covers(dag.cover(dag.position(other)), version);
      const newer = seen.find(isNewer);
      if (newer === undefined) continue;
      tellOnce(told, `${version} ${newer}`, () =>
        tellFalse(history, findings, { row, older: version, newer }),
      );
    }
  }
};

const repeatedIn = (seen: readonly number[]): number[] => {
  const once = new Set<number>();
  return seen.filter((version) => version >= 0 && once.size === once.add(version).size);
};

/** What the versions were built on, they themselves left out unless one was built on another. */
const ancestorsOf = (dag: KeyDag, seen: readonly number[]): Intervals => {
  let ancestors: Intervals = [];
  for (const version of seen) {
    const position = dag.position(version);
    if (position < 0) continue;
    for (const parent of dag.parents(position)) ancestors = union(ancestors, dag.cover(parent));
  }
  return ancestors;
};

const tellOnce = (told: Set<string>, label: string, tell: () => void): void => {
  if (told.has(label)) return;
  told.add(label);
  tell();
};

const tellTwice = (history: History, findings: Findings, row: number, version: number): void =>
  findings.found("sibling-explosion", () => {
    const read = history.requests.request(row);
    return {
      key: read.key,
      sentence: `A read of ${read.key} returned the write ${history.written.name(version)} more than once.`,
      story: [wroteSentence(history, version)],
      requests: [read.id],
      writes: [history.written.name(version)],
    };
  });

const tellFalse = (
  history: History,
  findings: Findings,
  { row, older, newer }: { readonly row: number; readonly older: number; readonly newer: number },
): void =>
  findings.found("false-sibling", () => {
    const read = history.requests.request(row);
    const [olderName = "", newerName = ""] = namesOf(history, [older, newer]);
    return {
      key: read.key,
      sentence: `A read of ${read.key} returned ${olderName} beside ${newerName}, which was built on it.`,
      story: [
        wroteSentence(history, older),
        wroteSentence(history, newer),
        `At ${secondsOf(read.done)} p${read.process} read ${listed([...read.observed, ...read.tombstones])} (request ${read.id}).`,
      ],
      requests: [read.id],
      writes: [olderName, newerName],
    };
  });
