/**
 * What the checkers of runs prove, what they cannot, and how their cost grows. The table in checkers/README.md is made
 * from this; histories of other stores have notes of their own (`foreign-notes.ts`).
 */

export type CheckerNote = {
  /** The checker's own name, under which its golden histories lie. */
  readonly name: string;
  /** What it consists of, beside what all checkers stand on; the file that it begins with comes first. */
  readonly files: readonly string[];
  readonly proves: string;
  readonly cannot: string;
  /** What the time grows with; `n` is the number of requests. */
  readonly cost: string;
  /** Sound: what it condemns is wrong. Complete: what is wrong, as far as it judges, it condemns. */
  readonly holds: string;
  readonly source: string;
};

export const checkerNotes: readonly CheckerNote[] = [
  {
    name: "acked-writes",
    files: [
      "acked-writes.ts",
      "acknowledged-losses.ts",
      "final-reads.ts",
      "graph/deletes.ts",
      "graph/version-dag.ts",
    ],
    proves: "every loss of an acknowledged write, given final reads of its key",
    cannot: "say where it was lost; a write that a later one had seen counts as kept",
    cost: "n",
    holds: "both, given final reads",
    source: "Dynamo §4.5; Jepsen's set-full",
  },
  {
    name: "acked-adds",
    files: [
      "acked-adds.ts",
      "acknowledged-losses.ts",
      "final-reads.ts",
      "graph/deletes.ts",
      "graph/version-dag.ts",
      "graph/removers.ts",
      "graph/cart.ts",
    ],
    proves: "every acknowledged item that is gone without anybody's will, by the store or by the codec",
    cannot: "judge values that are no carts",
    cost: "n, and the lines of carts",
    holds: "both, given final reads",
    source: "Dynamo §4.4",
  },
  {
    name: "phantoms",
    files: ["phantoms.ts"],
    proves:
      "every returned or dumped version that nobody wrote so, there, before; every tombstone of what nobody deleted; every definite failure seen",
    cannot: "find what no read and no dump shows",
    cost: "n",
    holds: "both",
    source: "Saltzer et al. 1984; Adya's G1a",
  },
  {
    name: "resurfacing",
    files: [
      "resurfacing.ts",
      "union-rate.ts",
      "graph/version-dag.ts",
      "graph/intervals.ts",
      "graph/removers.ts",
      "graph/cart.ts",
    ],
    proves: "every removed line and every deleted key that a read shows again",
    cannot: "condemn union carts, which cannot do better: their rate is measured",
    cost: "n, and the lines of carts",
    holds: "both",
    source: "Shapiro et al. 2011; Dynamo §4.4",
  },
  {
    name: "convergence",
    files: ["convergence.ts", "dump-comparison.ts", "final-reads.ts", "quiescence.ts"],
    proves: "every difference between replicas, trees and answers after the cluster came to rest",
    cannot: "tell late from never while a cluster is still exchanging: then it is inconclusive",
    cost: "keys × nodes",
    holds: "both, at rest",
    source: "Dynamo §4.6, 4.7; Vogels 2008",
  },
  {
    name: "siblings",
    files: ["siblings.ts", "graph/version-dag.ts", "graph/intervals.ts"],
    proves: "every version returned beside its successor, every write returned twice",
    cannot: "see contexts, which are opaque: only what they led to",
    cost: "n",
    holds: "both",
    source: "Preguiça et al. 2010; Dynamo §6.3",
  },
  {
    name: "freshness",
    files: [
      "freshness.ts",
      "misses.ts",
      "forgetting.ts",
      "graph/deletes.ts",
      "graph/version-dag.ts",
      "graph/intervals.ts",
    ],
    proves: "every read that missed a write, or a delete, acknowledged before it",
    cannot: "order what overlaps in time; condemn what a damaged disk explains",
    cost: "n",
    holds: "both",
    source: "Gifford 1979",
  },
  {
    name: "sessions",
    files: [
      "sessions.ts",
      "misses.ts",
      "forgetting.ts",
      "graph/deletes.ts",
      "graph/version-dag.ts",
      "graph/intervals.ts",
    ],
    proves: "every read that missed its client's own write, or went back behind its own read",
    cannot: "follow a shopper from one device to another",
    cost: "n",
    holds: "both",
    source: "Terry et al. 1994",
  },
  {
    name: "checkout",
    files: ["checkout.ts", "graph/removers.ts"],
    proves: "every order that lacks an acknowledged line of its session, every line sold twice",
    cannot: "call either a violation without a sealed manifest",
    cost: "n",
    holds: "both",
    source: "Helland and Campbell 2009",
  },
  {
    name: "availability",
    files: ["availability.ts", "load-loop.ts"],
    proves:
      "every node that served nobody for 3 s and 30 attempts without the excuse of a fault or of a load loop that stalled",
    cannot: "judge a node that is slow but answers: see `sla`",
    cost: "attempts × faults",
    holds: "sound",
    source: "Dynamo §2.3",
  },
  {
    name: "recovery",
    files: ["recovery.ts"],
    proves: "nothing: how long nodes took to answer and the cluster to come to rest, after each heal",
    cannot: "judge: the times are measures",
    cost: "attempts × faults",
    holds: "a measure",
    source: "–",
  },
  {
    name: "crashes",
    files: ["crashes.ts"],
    proves: "every node that ended by itself, with its exit code or signal and its last log line",
    cannot: "see a node that hangs: see `availability`",
    cost: "ends × faults",
    holds: "both",
    source: "Gray 1985",
  },
  {
    name: "sla",
    files: ["sla.ts", "service-level.ts", "service-tally.ts", "generator-fitness.ts"],
    proves: "objectives held or missed, with 95 % confidence, counted exactly at the limit",
    cannot: "clear a store whose load generator lagged: then it is inconclusive",
    cost: "n × objectives",
    holds: "sound, at 95 %",
    source: "Dynamo §2.2; Clopper and Pearson 1934",
  },
  {
    name: "exercised",
    files: ["exercised.ts", "quiescence.ts"],
    proves:
      "that the run could have failed: load around each fault, proof of it, siblings, hints, final reads",
    cannot: "violate: what is missing makes the run inconclusive",
    cost: "n × faults",
    holds: "complete for what it asks",
    source: "–",
  },
  {
    name: "registers",
    files: ["registers.ts", "run-operations.ts", "forgetting.ts"],
    proves: "every read of a register that is neither the last value written before it nor one being written",
    cannot: "follow a register with more than one writer, or on past a damaged disk: see `freshness`",
    cost: "n log n",
    holds: "both",
    source: "Lamport 1986",
  },
  {
    name: "grown-sets",
    files: ["grown-sets.ts", "run-operations.ts", "final-reads.ts", "quiescence.ts"],
    proves:
      "every acknowledged element of a grow-only set that is gone for good, and how many were missing for a while",
    cannot: "condemn what is only late: that is counted; judge a set without a final read",
    cost: "n log n, and the elements read",
    holds: "both",
    source: "Jepsen's set-full",
  },
  {
    name: "judge",
    files: ["judge.ts", "checker.ts", "finding.ts", "history/well-formed.ts"],
    proves: "that a history fits together, is not empty, and left no checker with an exception or a doubt",
    cannot: "violate: what does not fit makes every verdict inconclusive",
    cost: "n",
    holds: "complete for what it asks",
    source: "–",
  },
];
