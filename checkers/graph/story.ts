/**
 * Sentences about what happened to a version: who wrote it and who acknowledged it, what was broken then, who read
 * it, who wrote past it, and what the nodes hold of it in the end. An anomaly's story is made of these, in order of
 * time. Nothing is judged here.
 */
import type { Micros } from "../history/event.ts";
import { type Fault, wasActive, wasUnproved } from "../history/faults.ts";
import type { History } from "../history/history.ts";
import type { Request } from "../history/requests.ts";
import type { KeyDag } from "./version-dag.ts";

/** 1234567 -> "1.235 s". */
export const secondsOf = (at: Micros): string =>
  Number.isFinite(at) ? `${(at / 1e6).toFixed(3)} s` : "never";

/** "a", "a and b", "a, b and c"; beyond six, how many more. */
export const listed = (parts: readonly string[]): string => {
  if (parts.length === 0) return "nothing";
  const shown = parts.length > 6 ? [...parts.slice(0, 5), `${parts.length - 5} more`] : parts;
  return shown.length === 1 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
};

export const namesOf = (history: History, versions: Iterable<number>): string[] =>
  [...versions].map((version) => history.written.name(version));

/** Who asked: a client of the load, or a final read through a node. */
export const askerOf = ({ isFinal, process, entry }: Request): string =>
  isFinal ? `the final read through ${entry}` : `p${process} through ${entry}`;

/** How a request ended, for the end of a sentence. */
export const endOf = ({ kind, outcome, error, done, acknowledged }: Request): string => {
  if (outcome !== "ok")
    return outcome === "fail" ? `it failed (${error})` : `its outcome is unknown (${error})`;
  if (kind === "get") return `answered at ${secondsOf(done)}`;
  const nodes = acknowledged.map(({ node, role }) => (role === "home" ? node : `${node} as a fallback`));
  return `acknowledged at ${secondsOf(done)}${nodes.length > 0 ? ` by ${listed(nodes)}` : ""}`;
};

export const wroteSentence = (history: History, version: number): string => {
  const row = history.written.row(version);
  if (row < 0) return `No request of the run wrote ${history.written.name(version)}.`;
  const request = history.requests.request(row);
  const verb = request.kind === "delete" ? "deleted" : "wrote";
  const parents = listed(namesOf(history, history.written.parents(version)));
  return (
    `At ${secondsOf(request.sent)} p${request.process} ${verb} ${request.key} as ${request.write}` +
    `${effectOf(history, version)}, built on ${parents}, through ${request.entry}: ${endOf(request)}.` +
    copiesOf(history, request.id)
  );
};

/** " Copies of it came late: at 2.100 s through n3 (ok)." Empty when none did. */
const copiesOf = ({ lateCopies }: History, id: number): string => {
  const copies = lateCopies.filter((copy) => copy.id === id);
  if (copies.length === 0) return "";
  const told = copies.map(
    ({ attempt }) => `at ${secondsOf(attempt.from)} through ${attempt.node} (${attempt.outcome})`,
  );
  return ` Copies of it came late: ${listed(told)}.`;
};

/** " (+apple -pear)" */
const effectOf = ({ written }: History, version: number): string => {
  const adds = [...written.added(version)].map((tag) => `+${written.items.name(written.itemOf(tag))}`);
  const removes = [...written.removedItems(version)].map((item) => `-${written.items.name(item)}`);
  const words = [...adds, ...removes];
  return words.length === 0 ? "" : ` (${words.slice(0, 6).join(" ")}${words.length > 6 ? " …" : ""})`;
};

/** "disk (wipe) of n2" */
const whatAndWhom = ({ kind, harm, nodes }: Fault): string =>
  `${kind}${harm === undefined ? "" : ` (${harm})`} of ${listed(nodes)}`;

const faultPhrase = (fault: Fault): string =>
  `${whatAndWhom(fault)} (${fault.id}, ${secondsOf(fault.activeFrom ?? 0)} to ${secondsOf(fault.healedAt ?? Infinity)})`;

/** With what was seen of it, which says why it does not count as proved. */
const unprovedPhrase = (fault: Fault): string => {
  const seen = fault.evidence === "" ? "" : `: ${fault.evidence.replace(/\.$/, "")}`;
  return `${whatAndWhom(fault)} (${fault.id}, begun at ${secondsOf(fault.beganAt)}${seen})`;
};

const faultsOf = ({ faults }: History, from: Micros, until: Micros, when: string): string[] => {
  const active = faults.filter((fault) => wasActive(fault, from, until));
  const unproved = faults.filter((fault) => wasUnproved(fault, from, until));
  return [
    ...(active.length === 0 ? [] : [`${when}: ${listed(active.map(faultPhrase))}.`]),
    ...(unproved.length === 0
      ? []
      : [`Not proved, and perhaps done all the same: ${listed(unproved.map(unprovedPhrase))}.`]),
  ];
};

/** Empty when nothing was broken then. */
export const faultSentences = (history: History, from: Micros, until: Micros): string[] =>
  faultsOf(history, from, until, "Active meanwhile");

/** The faults between two moments that had begun before `until`: what may have destroyed something. */
export const faultsBetween = (history: History, from: Micros, until: Micros): string[] =>
  faultsOf(history, from, until, "Between then and the end");

/** Who last read exactly this version. */
export const lastReadSentence = (history: History, key: number, version: number): string => {
  const { requests, written } = history;
  let count = 0;
  let last = -1;
  for (const row of history.rowsOfKey(key)) {
    if (!requests.observed(row).includes(version) && !requests.tombstones(row).includes(version)) continue;
    count += 1;
    last = row;
  }
  const name = written.name(version);
  if (last < 0) return `No read ever returned ${name}.`;
  const read = requests.request(last);
  return `${count} reads returned ${name}, the last one p${read.process}'s at ${secondsOf(read.done)} (request ${read.id}).`;
};

/** The first acknowledged write after `version` that was made without having seen it. */
export const writtenPastSentence = (history: History, dag: KeyDag, version: number): string[] => {
  const { requests, written } = history;
  if (!dag.hasCovers()) return [];
  const position = dag.position(version);
  const acknowledgedAt = requests.done(written.row(version));
  for (let later = position + 1; later < dag.versions.length; later++) {
    const candidate = dag.versions[later] ?? -1;
    const row = written.row(candidate);
    if (requests.outcome(row) === "fail" || requests.sent(row) < acknowledgedAt) continue;
    if (dag.covers(dag.cover(later), version)) continue;
    const sentence = wroteSentence(history, candidate);
    return [`Without having seen it, ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`];
  }
  return [];
};

/** Which dumped copies hold the version or a successor of it. */
export const dumpSentence = (history: History, dag: KeyDag, version: number): string[] => {
  const rows = [...history.dumpsOfKey(dag.key)];
  if (rows.length === 0) return [];
  const position = dag.position(version);
  const holders = rows.filter((row) => {
    const seen = [...history.dumps.observed(row), ...history.dumps.tombstones(row)];
    return dag.reached(seen)[position] === 1;
  });
  const name = history.written.name(version);
  if (holders.length === 0) return [`No node stores ${name} or a successor of it after the heal.`];
  const nodes = holders.map((row) => history.nodes.name(history.dumps.node(row)));
  return [`After the heal ${listed(nodes)} still stored ${name} or a successor of it.`];
};

/** What the final reads of a key returned: one clause an answer, with the nodes that gave it. */
export const finalSentence = (history: History, finals: readonly number[]): string => {
  const nodesOf = new Map<string, string[]>();
  for (const row of finals) {
    const { observed, tombstones, entry } = history.requests.request(row);
    const deleted = tombstones.map((tombstone) => `the tombstone ${tombstone}`);
    const answer = listed([...observed, ...deleted]);
    nodesOf.set(answer, [...(nodesOf.get(answer) ?? []), entry]);
  }
  const clauses = [...nodesOf].map(([answer, nodes]) => `${answer} through ${listed(nodes)}`);
  return `The final reads returned ${clauses.join("; ")}.`;
};
