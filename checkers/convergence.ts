/**
 * P14: after the heal all replicas agree. Judged on the dumps alone, before any read could repair them: every home
 * of a key stores the same state, nobody else stores it, no hint is left, and the homes' hash trees are equal. Then
 * every node must have answered the final reads alike.
 *
 * Differing is a violation only when it is for good: the cluster said it was at rest, or it was stuck (see
 * `quiescence`). A cluster that was still exchanging is merely late, and the verdict inconclusive.
 */
import { checkerOf } from "./checker.ts";
import { DumpComparison } from "./dump-comparison.ts";
import { finalReadsOf } from "./final-reads.ts";
import { concluded, counted, Findings } from "./finding.ts";
import { finalSentence } from "./graph/story.ts";
import type { Calm } from "./history/event.ts";
import type { History } from "./history/history.ts";
import { lastLooks, stuckNodes, unrest } from "./quiescence.ts";

const name = "convergence";
const properties = ["P14"] as const;

export const convergence = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const late = unrest(history);
    const stuck = stuckNodes(history);
    const isForGood = late === undefined || stuck.length > 0;
    const comparison = new DumpComparison(history);
    if (isForGood) comparison.tellAll(findings);
    else if (comparison.differingCount > 0) {
      findings.doubt(
        `${counted(comparison.differingCount)} keys differ between replicas, but may be late: ${late}`,
      );
    }
    judgeHints(history, findings, isForGood);
    judgeTrees(history, findings, isForGood || isTreeToBlame(history, comparison));
    const differingReads = judgeFinalReads(history, findings, isForGood);
    if (history.dumps.count === 0) findings.doubt("No node was dumped.");
    else for (const node of comparison.undumped) findings.doubt(`${node} was not dumped.`);
    if (late !== undefined) findings.doubt(late);
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary: `${counted(comparison.differingCount)} of ${counted(comparison.keyCount)} keys differ between replicas`,
      metrics: {
        keys: comparison.keyCount,
        differing: comparison.differingCount,
        differingReads,
        stuckNodes: stuck.join(","),
      },
    });
  },
});

const judgeHints = (history: History, findings: Findings, isForGood: boolean): void => {
  for (const { node, hintCount } of lastLooks(history).values()) {
    if (hintCount === 0 || !isForGood) continue;
    findings.found("undelivered-hint", () => ({
      sentence: `${node} kept ${hintCount} hints although every peer could be reached.`,
      story: [],
      requests: [],
      writes: [],
    }));
  }
};

/** Identical copies everywhere and, looked at after that, trees that differ: then the trees are wrong, not late. */
const isTreeToBlame = ({ calmAfterDumps }: History, comparison: DumpComparison): boolean =>
  calmAfterDumps.length > 0 &&
  comparison.keyCount > 0 &&
  comparison.differingCount === 0 &&
  comparison.undumped.length === 0 &&
  calmAfterDumps.every(({ hintCount, unreachablePeers }) => hintCount + unreachablePeers.length === 0);

const judgeTrees = (history: History, findings: Findings, isForGood: boolean): void => {
  if (!isForGood) return;
  for (const [partition, nodesOf] of rootsByPartition([...lastLooks(history).values()])) {
    if (nodesOf.size < 2) continue;
    findings.found("unequal-trees", () => ({
      sentence: `The homes of partition ${partition} have different hash trees.`,
      story: [...nodesOf].map(([root, nodes]) => `${nodes.join(", ")}: root ${root.slice(0, 16)}.`),
      requests: [],
      writes: [],
    }));
  }
};

/** Partition -> root -> the nodes that have it. */
const rootsByPartition = (looks: readonly Calm[]): ReadonlyMap<string, ReadonlyMap<string, string[]>> => {
  const partitions = new Map<string, Map<string, string[]>>();
  for (const { node, treeRoots } of looks) {
    for (const [partition, root] of Object.entries(treeRoots)) {
      const roots = partitions.get(partition) ?? new Map<string, string[]>();
      partitions.set(partition, roots);
      roots.set(root, [...(roots.get(root) ?? []), node]);
    }
  }
  return partitions;
};

const judgeFinalReads = (history: History, findings: Findings, isForGood: boolean): number => {
  const { requests, keys } = history;
  let differing = 0;
  for (let key = 0; key < keys.count; key++) {
    const { rows } = finalReadsOf(history, key);
    const answers = new Set(rows.map((row) => answerOf(history, row)));
    if (answers.size < 2) continue;
    differing += 1;
    if (!isForGood) continue;
    findings.found("divergent-final-reads", () => ({
      key: keys.name(key),
      sentence: `After the heal the nodes answered the read of ${keys.name(key)} in ${answers.size} ways.`,
      story: [finalSentence(history, rows)],
      requests: rows.map((row) => requests.id(row)),
      writes: [],
    }));
  }
  if (!isForGood && differing > 0) {
    findings.doubt(`The nodes answered the final reads of ${counted(differing)} keys differently.`);
  }
  return differing;
};

/** What a read returned, whatever the order. */
const answerOf = ({ requests }: History, row: number): string =>
  [requests.observed(row).toSorted().join(), requests.tombstones(row).toSorted().join()].join(" ");
