/**
 * Mutants of the judge itself: one wrong line each, such as one slips in when a checker is changed. Here those of order, service and judgement. A checker is
 * trusted as far as its golden histories and the broken ones notice when it goes blind, or sees what is not there.
 */
import { type CheckerMutant, inCheckers } from "./checker-mutant.ts";

export const judgementMutants: readonly CheckerMutant[] = [
  {
    id: "K27",
    name: "a write that is returned twice is passed over",
    change: inCheckers(
      "siblings.ts",
      "once.size === once.add(version).size",
      "once.size > once.add(version).size",
    ),
  },
  {
    id: "K28",
    name: "a read must show a write that was still open when it began",
    change: inCheckers(
      "freshness.ts",
      "if (requests.done(written.row(one)) >= requests.sent(row)) break;",
      "if (requests.sent(written.row(one)) >= requests.sent(row)) break;",
    ),
  },
  {
    id: "K29",
    name: "what a delete took is called missed, and nothing else",
    change: inCheckers(
      "misses.ts",
      "if (contains(deleted, position)) return true;",
      "if (!contains(deleted, position)) return true;",
    ),
  },
  {
    id: "K30",
    name: "what a session has read is forgotten",
    change: inCheckers("sessions.ts", "expectation.read = cover;", "expectation.read = [];"),
  },
  {
    id: "K31",
    name: "only a session's last write counts",
    change: inCheckers(
      "sessions.ts",
      "including(expectation.written, dag.position(version))",
      "including([], dag.position(version))",
    ),
  },
  {
    id: "K32",
    name: "a healed node has no time to come back",
    change: inCheckers(
      "availability.ts",
      "(healedAt ?? Infinity) + graceMicros >= from",
      "(healedAt ?? Infinity) >= from",
    ),
  },
  {
    id: "K33",
    name: "a load loop that slept is a witness",
    change: inCheckers(
      "availability.ts",
      "silence.until - silence.from - silence.lateMicros",
      "silence.until - silence.from",
    ),
  },
  {
    id: "K34",
    name: "one node's fault excuses every node",
    change: inCheckers("crashes.ts", "nodes.includes(node) &&", "nodes.length > 0 &&"),
  },
  {
    id: "K35",
    name: "a request at its limit is late",
    change: inCheckers(
      "service-tally.ts",
      "micros > this.target.limitMs * 1000",
      "micros >= this.target.limitMs * 1000",
    ),
  },
  {
    id: "K36",
    name: "breached before it is beyond doubt",
    change: inCheckers("service-level.ts", "if (low > allowed) return", "if (high > allowed) return"),
  },
  {
    id: "K37",
    name: "a lagging load loop is no excuse",
    change: inCheckers("sla.ts", "doubts.length === 0 ? [] :", "doubts.length >= 0 ? [] :"),
  },
  {
    id: "K38",
    name: "one node's final read is enough for all",
    change: inCheckers("exercised.ts", "entries.size < nodeCount", "entries.size < 1"),
  },
  {
    id: "K39",
    name: "a fault without load around it is a test",
    change: inCheckers("exercised.ts", "if (count < enough.aroundFault)", "if (count < 0)"),
  },
  {
    id: "K40",
    name: "an empty history is judged",
    change: inCheckers("checker.ts", "history.requests.count === 0", "history.requests.count < 0"),
  },
  {
    id: "K41",
    name: "doubts are not heard",
    change: inCheckers(
      "finding.ts",
      "isPromised && findings.doubts().length > 0",
      "isPromised && findings.doubts().length < 0",
    ),
  },
  {
    id: "K42",
    name: "a history that does not fit together is trusted",
    change: inCheckers(
      "judge.ts",
      "if (first === undefined) return verdict;",
      'if (first !== "") return verdict;',
    ),
  },
  {
    id: "K43",
    name: "an interval inside another cuts it short",
    change: inCheckers("graph/intervals.ts", "Math.max(result[last] ?? 0, until)", "until"),
  },
  {
    id: "K44",
    name: "of several parents only the last one's ancestors are covered",
    change: inCheckers(
      "graph/version-dag.ts",
      "cover = union(cover, covers.at(slot));",
      "cover = covers.at(slot);",
    ),
  },
  {
    id: "K45",
    name: "an id may be used twice",
    change: inCheckers("history/well-formed.ts", "if (id <= this.#lastId) {", "if (id < 0) {"),
  },
  {
    id: "K46",
    name: "a read up to an aborted element is called dirty",
    change: inCheckers(
      "transactions/list-anomalies.ts",
      "version > start + cell(aborted, key)",
      "version >= start + cell(aborted, key)",
    ),
  },
  {
    id: "K47",
    name: "a transaction's own intermediate read is called dirty",
    change: inCheckers(
      "transactions/list-anomalies.ts",
      "intake.appendTransactions.at(append) !== transaction",
      "intake.appendTransactions.at(append) === transaction",
    ),
  },
  {
    id: "K48",
    name: "what was read closes no cycle",
    change: inCheckers("graph/cycle-class.ts", "const data = writes | wr;", "const data = writes;"),
  },
  {
    id: "K49",
    name: "a G-single is not told from a G2",
    change: inCheckers("graph/cycle-class.ts", 'if (isNew("G-single-item")) {', 'if (isNew("G0")) {'),
  },
  {
    id: "K50",
    name: "a read from the future is not seen",
    change: inCheckers(
      "linearizability/unique-writes.ts",
      "else if (cell(until, read) < cell(from, writer))",
      "else if (cell(until, read) < -1)",
    ),
  },
  {
    id: "K51",
    name: "a stale read is not seen",
    change: inCheckers(
      "linearizability/unique-writes.ts",
      "cell(from, newer) > writtenBy",
      "cell(from, newer) > never",
    ),
  },
  {
    id: "K52",
    name: "a lost element is called stale",
    change: inCheckers("objects/set-full.ts", "if (missed > 0) {", "if (missed > 1) {"),
  },
];
