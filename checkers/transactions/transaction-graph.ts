/** What every transactional graph has whatever the workload: the order of each session and the order of time. */

import type { GraphBuilder } from "../graph/dependency-graph.ts";
import { edgeKind } from "../graph/edge-kind.ts";
import { addRealtimeOrder } from "../graph/realtime.ts";
import type { TransactionIntake } from "./transaction-intake.ts";
import type { TransactionLog } from "./transaction-log.ts";

/**
 * A process runs one transaction at a time, so what it completed before came first. A transaction of unknown outcome
 * has no successor in its session: it may take effect at any later time. Aborted transactions are not in the graph.
 */
export const addOrders = (builder: GraphBuilder, { log, isOrdered }: TransactionIntake): void => {
  addProcessOrder(builder, log);
  if (!isOrdered) return;
  const from = log.from.view().slice();
  for (let transaction = 0; transaction < log.count; transaction++)
    if (!log.mayHaveHappened(transaction)) from[transaction] = -1;
  addRealtimeOrder(builder, { from, until: log.until.view(), positionCount: log.positionCount });
};

const addProcessOrder = (builder: GraphBuilder, log: TransactionLog): void => {
  const last = new Map<number, number>();
  for (let transaction = 0; transaction < log.count; transaction++) {
    if (!log.mayHaveHappened(transaction)) continue;
    const process = log.processes.at(transaction);
    const before = last.get(process);
    if (before !== undefined) builder.addEdge(before, transaction, edgeKind.process);
    if (log.isOk(transaction)) last.set(process, transaction);
  }
};
