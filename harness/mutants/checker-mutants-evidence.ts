/**
 * Mutants of the judge itself: one wrong line each, such as one slips in when a checker is changed. Here those of what was written, read and stored. A checker is
 * trusted as far as its golden histories and the broken ones notice when it goes blind, or sees what is not there.
 */
import { type CheckerMutant, inCheckers } from "./checker-mutant.ts";

export const evidenceMutants: readonly CheckerMutant[] = [
  {
    id: "K01",
    name: "a write that may still arrive is called lost, and a lost one late",
    change: inCheckers(
      "acked-writes.ts",
      "if (mayArrive(version)) tally.late",
      "if (!mayArrive(version)) tally.late",
    ),
  },
  {
    id: "K02",
    name: "no write is ever missing",
    change: inCheckers(
      "acked-writes.ts",
      "kept[dag.position(version)] !== 1",
      "kept[dag.position(version)] === 2",
    ),
  },
  {
    id: "K03",
    name: "what a delete took is called lost",
    change: inCheckers(
      "acked-writes.ts",
      "dag.reached([...finals.seen, ...deletesBehind(history, dag, finals.seen)])",
      "dag.reached([...finals.seen])",
    ),
  },
  {
    id: "K04",
    name: "a read under load counts as a final one",
    change: inCheckers(
      "final-reads.ts",
      'if (!requests.isFinal(row) || requests.outcome(row) !== "ok") continue;',
      'if (requests.outcome(row) !== "ok") continue;',
    ),
  },
  {
    id: "K05",
    name: "a delete that failed for certain excuses what it had seen",
    change: inCheckers(
      "graph/deletes.ts",
      'requests.kind(row) === "delete" && requests.outcome(row) !== "fail"',
      'requests.kind(row) === "delete"',
    ),
  },
  {
    id: "K06",
    name: "a remove that failed for certain excuses a lost add",
    change: inCheckers(
      "acked-adds.ts",
      'requests.outcome(written.row(version)) !== "fail";',
      'requests.outcome(written.row(version)) !== "ok" || true;',
    ),
  },
  {
    id: "K07",
    name: "a remove that is lost itself excuses a lost add",
    change: inCheckers(
      "acked-adds.ts",
      "return mayHaveHappened && (kept[position] === 1 || deleted[position] === 1);",
      "return mayHaveHappened && position >= 0;",
    ),
  },
  {
    id: "K08",
    name: "the first add of a cart is never missed",
    change: inCheckers(
      "acked-adds.ts",
      "const absent = adds.filter(",
      "const absent = adds.slice(1).filter(",
    ),
  },
  {
    id: "K09",
    name: "damaged bytes are not looked at",
    change: inCheckers(
      "phantoms.ts",
      "digest >= 0 && digest !== digests[index]",
      "digest < 0 && digest !== digests[index]",
    ),
  },
  {
    id: "K10",
    name: "a value of another key is nobody's business",
    change: inCheckers("phantoms.ts", "requests.key(row) !== sighting.key", "requests.key(row) < 0"),
  },
  {
    id: "K11",
    name: "a value may be read before it is written",
    change: inCheckers(
      "phantoms.ts",
      "requests.sent(row) > sighting.before",
      "requests.sent(row) > Infinity",
    ),
  },
  {
    id: "K12",
    name: "unknown is taken for failed",
    change: inCheckers("phantoms.ts", 'requests.outcome(row) === "fail"', 'requests.outcome(row) === "info"'),
  },
  {
    id: "K13",
    name: "a line that nobody added is passed over",
    change: inCheckers(
      "phantoms.ts",
      "written.addedBy(tag) >= 0 || isTold",
      "written.addedBy(tag) < 0 || isTold",
    ),
  },
  {
    id: "K14",
    name: "only the first single version of a key is looked at",
    change: inCheckers(
      "resurfacing.ts",
      "if (only >= 0 && isJudged.has(only)) continue;",
      "if (only >= 0 && isJudged.size > 0) continue;",
    ),
  },
  {
    id: "K15",
    name: "a remove the cart has not seen is held against it",
    change: inCheckers(
      "resurfacing.ts",
      "find((version) => dag.covers(known, version))",
      "find((version) => !dag.covers(known, version))",
    ),
  },
  {
    id: "K16",
    name: "a deleted key that comes back is looked for among the tombstones",
    change: inCheckers(
      "resurfacing.ts",
      "requests.observed(row).find((version) => dag.covers(deleted, version))",
      "requests.tombstones(row).find((version) => dag.covers(deleted, version))",
    ),
  },
  {
    id: "K17",
    name: "an add is taken for a remove",
    change: inCheckers("graph/removers.ts", "of written.removed(version)", "of written.added(version)"),
  },
  {
    id: "K18",
    name: "siblings are merged without what one of them removed",
    change: inCheckers("graph/cart.ts", "for (const tag of dead) tags.delete(tag);", ""),
  },
  {
    id: "K19",
    name: "one remove is taken for the removal of all adds",
    change: inCheckers("union-rate.ts", "added.every((tag)", "added.some((tag)"),
  },
  {
    id: "K20",
    name: "two states of a key are called one",
    change: inCheckers("dump-comparison.ts", "dumps.state(row))).size > 1", "dumps.state(row))).size > 2"),
  },
  {
    id: "K21",
    name: "a home without a copy is passed over",
    change: inCheckers("dump-comparison.ts", "dumped.has(node) && !holders", "!dumped.has(node) && !holders"),
  },
  {
    id: "K22",
    name: "a copy on a stranger is passed over",
    change: inCheckers(
      "dump-comparison.ts",
      "holders.filter((node) => !homes",
      "homes.filter((node) => !homes",
    ),
  },
  {
    id: "K23",
    name: "two answers to a final read are called one",
    change: inCheckers(
      "convergence.ts",
      "if (answers.size < 2) continue;",
      "if (answers.size < 3) continue;",
    ),
  },
  {
    id: "K24",
    name: "late replicas are called different for good",
    change: inCheckers(
      "convergence.ts",
      "late === undefined || stuck.length > 0",
      'late !== "" || stuck.length > 0',
    ),
  },
  {
    id: "K25",
    name: "a node that still exchanges is called stuck",
    change: inCheckers("quiescence.ts", "&& progressOf(look) === progress", '&& progressOf(look) !== ""'),
  },
  {
    id: "K26",
    name: "a version beside its successor is passed over",
    change: inCheckers("siblings.ts", "ancestorsOf(dag, seen);", "ancestorsOf(dag, seen.slice(2));"),
  },
];
