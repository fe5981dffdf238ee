/**
 * P24: was the run a test at all? A run in which nothing was acknowledged during the fault, no fault took hold, or
 * no hint was ever stored passes every other checker and proves nothing. Everything that is missing is named, and
 * the verdict is then inconclusive; it is never a violation.
 */
import { checkerOf } from "./checker.ts";
import { concluded, counted, Findings } from "./finding.ts";
import type { Micros } from "./history/event.ts";
import type { Fault } from "./history/faults.ts";
import type { History } from "./history/history.ts";
import { membersAtEnd } from "./history/members-at-end.ts";
import { lastLooks } from "./quiescence.ts";

const name = "exercised";
const properties = ["P24"] as const;

/** The least that counts. Small, so that a run of twenty seconds can reach it; a run that misses it tested nothing. */
export const enough = {
  acknowledged: 100,
  /** Acknowledged requests before, during and after each fault. */
  aroundFault: 10,
  adds: 20,
  /** Acknowledged removes that had observed something to take out. */
  effectiveRemoves: 5,
  /** Reads that returned more than one version. */
  siblingReads: 1,
} as const;

/** What nodes count their doings by: the names of their trace events. */
export const hintCounters = { stored: "hint-stored", delivered: "hint-delivered" } as const;

/** Faults that keep home nodes from answering, so that a sloppy quorum must store hints. */
const unreachableKinds: ReadonlySet<string> = new Set(["kill", "stop", "pause", "partition", "power-cut"]);

/** Faults that end or stop the nodes themselves. */
const stoppingKinds: ReadonlySet<string> = new Set(["kill", "stop", "pause", "power-cut"]);

export const exercised = checkerOf({
  name,
  properties,
  check: (history) => {
    const findings = new Findings();
    const tally = tallyOf(history);
    const demand = (count: number, least: number, what: string): void => {
      if (count < least)
        findings.doubt(`Only ${counted(count)} ${what}, where ${counted(least)} are asked for.`);
    };
    if (history.run === undefined) findings.doubt("The history does not say how the run was configured.");
    if (history.end?.reason !== "completed") findings.doubt("The run was cut short.");
    demand(tally.acknowledged, enough.acknowledged, "requests were acknowledged");
    if (history.run?.workload === "shopping-cart") {
      demand(tally.adds, enough.adds, "adds were acknowledged");
      demand(tally.effectiveRemoves, enough.effectiveRemoves, "removes took something out");
      demand(tally.siblingReads, enough.siblingReads, "reads returned siblings");
    }
    for (const fault of history.faults) judgeFault(history, fault, findings);
    judgeHints(history, findings);
    const unread = judgeFinalReads(history, findings);
    judgeDumps(history, findings);
    const missing = findings.doubts().length;
    return concluded(history, {
      checker: name,
      properties,
      findings,
      summary:
        missing === 0
          ? `${counted(tally.acknowledged)} requests acknowledged, ${history.faults.length} faults proved, every key read through every node`
          : `The run does not prove enough: ${missing === 1 ? "one thing is" : `${counted(missing)} things are`} missing`,
      metrics: { ...tally, faults: history.faults.length, keysNotReadEverywhere: unread, missing },
    });
  },
});

type Tally = { acknowledged: number; adds: number; effectiveRemoves: number; siblingReads: number };

const tallyOf = ({ requests, written }: History): Tally => {
  const tally: Tally = { acknowledged: 0, adds: 0, effectiveRemoves: 0, siblingReads: 0 };
  for (let row = 0; row < requests.count; row++) {
    if (requests.outcome(row) !== "ok") continue;
    if (!requests.isFinal(row)) tally.acknowledged += 1;
    const version = requests.version(row);
    if (version < 0) tally.siblingReads += requests.observed(row).length > 1 ? 1 : 0;
    else {
      tally.adds += written.added(version).length;
      tally.effectiveRemoves += written.removed(version).length > 0 ? 1 : 0;
    }
  }
  return tally;
};

const judgeFault = (history: History, fault: Fault, findings: Findings): void => {
  const title = `The fault ${fault.id} (${fault.kind} of ${fault.nodes.join(", ") || "nobody"})`;
  if (fault.activeFrom === undefined) {
    const how = fault.stage === "skipped" ? "was skipped" : "was never seen to hold";
    return findings.doubt(`${title} ${how}${fault.evidence === "" ? "" : `: ${fault.evidence}`}.`);
  }
  if (fault.evidence === "") findings.doubt(`${title} is called active without evidence.`);
  if (fault.healedAt === undefined) findings.doubt(`${title} was not seen to be healed.`);
  const healedAt = fault.healedAt ?? history.lastAt;
  // While nobody runs nobody can answer.
  const isSilent = leavesNobody(history, fault);
  const windows = [
    ["before", 0, fault.activeFrom],
    ["during", fault.activeFrom, healedAt],
    ["after", healedAt, Infinity],
  ] as const;
  for (const [when, from, until] of windows) {
    if (when === "during" && isSilent) continue;
    const count = acknowledgedBetween(history, from, until);
    if (count < enough.aroundFault)
      findings.doubt(`${title} had only ${count} acknowledged requests ${when} it.`);
  }
};

/** Whether it took every node at once. */
const leavesNobody = ({ run }: History, { kind, nodes }: Fault): boolean =>
  run !== undefined && stoppingKinds.has(kind) && run.nodes.every((node) => nodes.includes(node));

/** Sent and acknowledged within the window; final reads apart. Counting stops when it is enough. */
const acknowledgedBetween = ({ requests }: History, from: Micros, until: Micros): number => {
  let count = 0;
  for (let row = 0; row < requests.count && count < enough.aroundFault; row++) {
    if (requests.sent(row) < from || requests.done(row) > until || requests.isFinal(row)) continue;
    if (requests.outcome(row) === "ok") count += 1;
  }
  return count;
};

const judgeHints = (history: History, findings: Findings): void => {
  const isAsked =
    history.run?.promises.sloppy === true &&
    history.faults.some(
      (fault) =>
        unreachableKinds.has(fault.kind) && fault.activeFrom !== undefined && !leavesNobody(history, fault),
    );
  if (!isAsked) return;
  for (const [what, counter] of Object.entries(hintCounters)) {
    const looks = [...lastLooks(history).values()];
    const count = looks.reduce((sum, { counters }) => sum + (counters[counter] ?? 0), 0);
    if (count === 0) findings.doubt(`Homes were unreachable, yet no node counts a hint ${what}.`);
  }
};

/** Keys with an acknowledged write that some node was not asked for, successfully, in the final reads. */
const judgeFinalReads = (history: History, findings: Findings): number => {
  const { requests, keys } = history;
  const nodeCount = Math.max(1, membersAtEnd(history).length);
  let unread = 0;
  for (let key = 0; key < keys.count; key++) {
    const entries = new Set<number>();
    let isWritten = false;
    for (const row of history.rowsOfKey(key)) {
      if (requests.outcome(row) !== "ok") continue;
      if (requests.isFinal(row)) entries.add(requests.entry(row));
      else if (requests.kind(row) !== "get") isWritten = true;
    }
    if (isWritten && entries.size < nodeCount) unread += 1;
  }
  if (unread > 0)
    findings.doubt(`${counted(unread)} written keys were not read through every node after the heal.`);
  return unread;
};

const judgeDumps = (history: History, findings: Findings): void => {
  const dumped = new Set<string>();
  for (let row = 0; row < history.dumps.count; row++) dumped.add(history.nodes.name(history.dumps.node(row)));
  const missing = membersAtEnd(history).filter((node) => !dumped.has(node));
  if (missing.length > 0) findings.doubt(`${missing.join(", ")} gave no dump.`);
};
