/** Tells transactions in words: what each did, and why session and time put one before another. */
import type { CycleStep } from "../graph/cycle.ts";
import { edgeKind } from "../graph/edge-kind.ts";
import type { Narrator } from "../graph/explanation.ts";
import { isWrite, type TransactionLog } from "./transaction-log.ts";

/** A micro-operation in words, and the reason for an edge of the data; a workload knows both. */
export type Wording = {
  readonly operation: (place: number) => string;
  readonly reason: (step: CycleStep) => { readonly clause: string; readonly key?: string } | undefined;
};

const operationsTold = 12;

export const narratorOf = (log: TransactionLog, wording: Wording): Narrator => ({
  name: transactionName,
  tell: (transaction) => {
    const operations: string[] = [];
    const end = log.starts.at(transaction + 1);
    for (let place = log.starts.at(transaction); place < end && operations.length < operationsTold; place++)
      operations.push(wording.operation(place));
    const more = end - log.starts.at(transaction) - operations.length;
    const what = operations.join(", ") + (more > 0 ? `, and ${more} more` : "");
    return `${what} (process ${log.processes.at(transaction)}, line ${log.lines.at(transaction)})`;
  },
  request: (transaction) => transaction,
  doesWrite: (transaction) => {
    for (let place = log.starts.at(transaction); place < log.starts.at(transaction + 1); place++)
      if (isWrite(log.codes.at(place))) return true;
    return false;
  },
  because: (step) => wording.reason(step) ?? orderReason(log, step),
});

export const transactionName = (transaction: number): string => `T${transaction}`;

const orderReason = (log: TransactionLog, { from, to, kind }: CycleStep): { readonly clause: string } => {
  if (kind === edgeKind.process)
    return { clause: `process ${log.processes.at(from)} ran one after the other` };
  return { clause: `it ended before the other, at line ${log.lines.at(to)}, began` };
};
