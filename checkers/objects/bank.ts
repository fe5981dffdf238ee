/**
 * Transfers between accounts (Jepsen's bank): every read of all accounts has the same total, and no account is
 * negative unless that is allowed. Sound, not complete: it is what snapshot isolation shows of itself. Linear.
 */
import { atomOf, atomText, type Datum, entriesOf } from "../exchange/datum.ts";
import { AnomalyList } from "../transactions/anomaly-list.ts";
import { type ObjectCheck, objectCheck, objectVerdict } from "./object-check.ts";
import { Operations } from "./operations.ts";

export type BankOptions = {
  /** What all accounts hold together; undefined for what the first read says. */
  readonly total?: number;
  readonly negativeAllowed: boolean;
};

export const bankCheck = ({ total: given, negativeAllowed }: BankOptions): ObjectCheck => {
  const anomalies = new AnomalyList();
  let total = given;
  let accounts = -1;
  let reads = 0;
  const judge = (line: number, answer: Datum): void => {
    const entries = entriesOf(answer);
    const balances =
      entries?.map(([, balance]) => balance).filter((balance) => typeof balance === "number") ?? [];
    const add = (type: string, what: string): void =>
      anomalies.add(type, () => ({ sentence: `The read of line ${line} ${what}.`, story: [], requests: [] }));
    reads++;
    if (entries === undefined || balances.length !== entries.length) {
      add("wrong-shape", "is no map of accounts to balances");
      return;
    }
    if (accounts < 0) accounts = entries.length;
    const sum = balances.reduce((so, more) => so + more, 0);
    total ??= sum;
    if (entries.length !== accounts)
      add("wrong-accounts", `shows ${entries.length} accounts instead of ${accounts}`);
    else if (sum !== total) add("wrong-total", `adds up to ${sum} instead of ${total}`);
    const negative = entries.find(([, balance]) => typeof balance === "number" && balance < 0);
    if (negative !== undefined && !negativeAllowed)
      add("negative-balance", `shows account ${atomText(atomOf(negative[0]))} at ${String(negative[1])}`);
  };
  const operations = new Operations({
    ends: ({ f, answer, outcome, line }) => {
      if (f === "read" && outcome === "ok") judge(line, answer);
    },
  });
  return objectCheck(operations, () => {
    const doubts = reads === 0 ? ["the accounts were never read"] : [];
    return objectVerdict({
      name: "bank",
      operations,
      anomalies,
      doubts,
      metrics: { reads, total: total ?? "unknown" },
    });
  });
};
