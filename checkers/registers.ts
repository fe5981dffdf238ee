/**
 * Registers with one writer each, by the check that judges registers of any store: is every one of them regular? A
 * read must return the value written last before it began, or one that was being written meanwhile. Of several
 * versions a read stands for the newest, which its one writer has numbered by the order of its writes.
 *
 * A strict quorum promises this. Another one is held to it all the same, since registers are what the workload is
 * about, and what it breaks is labelled as expected of it. Linearizable it never is: a read may return a value that
 * is being written and a later one the value before.
 *
 * Once a disk is damaged a read may miss what that home had acknowledged. Which read may, `freshness` tells one by one,
 * which judges the same registers; here the reads from then on are left out.
 */
import { checkerOf } from "./checker.ts";
import { forgettingFrom } from "./forgetting.ts";
import type { History } from "./history/history.ts";
import { judgeRegisters } from "./linearizability/register.ts";
import { RegisterHistory } from "./linearizability/register-history.ts";
import { classOf, isStrict } from "./promises.ts";
import { runOperations } from "./run-operations.ts";
import type { Anomaly, Verdict } from "./verdict.ts";

const name = "registers";
const properties = ["regular"] as const;

/** Unique writes need no search, hence no budget and no clock. */
const noSearch = { now: () => 0, timeLimitMs: 0, memoryWords: 0 };

export const registers = checkerOf({
  name,
  properties,
  check: (history): Verdict => {
    const registerHistory = new RegisterHistory({ keys: "tuple", failedCompareAndSet: "nothing" });
    for (const record of recordsOf(history)) registerHistory.add(record);
    registerHistory.finish();
    const verdict = judgeRegisters(registerHistory, "regular", noSearch);
    const idOf = (operation: number): number => registerHistory.line.at(operation);
    const promises = history.run?.promises;
    const isExpected = verdict.type === "violated" && promises !== undefined && !isStrict(promises);
    const because = isExpected ? ` Expected of this configuration (${classOf(history)?.because}).` : "";
    return {
      ...verdict,
      checker: name,
      properties,
      summary: `${verdict.summary}${because}`,
      anomalies: verdict.anomalies.map((anomaly) => inRequests(anomaly, idOf)),
      violations: verdict.anomalyCount === 0 ? {} : { regular: verdict.anomalyCount },
      ...(isExpected ? { expected: true } : {}),
    };
  },
});

const recordsOf = (history: History) => {
  const { requests, written, keys } = history;
  const keyed = (row: number, value: string | null) => [keys.name(requests.key(row)), value];
  const isRead = (row: number): boolean => requests.kind(row) === "get";
  const forgotten = forgettingFrom(history);
  const isJudged = (row: number): boolean => !isRead(row) || requests.done(row) < forgotten;
  return runOperations(history, Array.from({ length: requests.count }, (_, row) => row).filter(isJudged), {
    f: (row) => (isRead(row) ? "read" : "write"),
    asked: (row) => keyed(row, isRead(row) ? null : written.name(requests.version(row))),
    answered: (row) => {
      if (!isRead(row)) return keyed(row, written.name(requests.version(row)));
      const newest = [...requests.observed(row)].toSorted((a, b) => written.row(b) - written.row(a))[0];
      return keyed(row, newest === undefined ? null : written.name(newest));
    },
  });
};

/** Operations are named by the requests they were, not by lines of a file. */
const inRequests = (anomaly: Anomaly, idOf: (operation: number) => number): Anomaly => ({
  ...anomaly,
  requests: anomaly.requests.map(idOf),
  story: anomaly.story.map((sentence) => sentence.replace(/\(line (\d+)\)/g, "(request $1)")),
});
