/**
 * What each transaction did to each of its keys, seen from outside: its first read that is not of its own write, and
 * its last write. All conclusions about versions start from here.
 */
import { cell, IntegerList } from "../graph/integers.ts";
import { isWrite, keyOf, type TransactionLog } from "./transaction-log.ts";

/** One row for a transaction and a key, in the order of the log; `read` and `written` are versions, -1 for none. */
export type Accesses = {
  readonly count: number;
  readonly transaction: Int32Array;
  readonly key: Int32Array;
  readonly read: Int32Array;
  readonly written: Int32Array;
};

export const accessesOf = (log: TransactionLog, keyCount: number): Accesses => {
  const transactions = new IntegerList();
  const keys = new IntegerList();
  const reads = new IntegerList();
  const writes = new IntegerList();
  /** Key -> its row, when that is of the transaction at hand. */
  const row = new Int32Array(keyCount).fill(-1);
  for (let transaction = 0; transaction < log.count; transaction++) {
    const first = transactions.length;
    for (let place = log.starts.at(transaction); place < log.starts.at(transaction + 1); place++) {
      const code = log.codes.at(place);
      const key = keyOf(code);
      if (cell(row, key) < first) {
        row[key] = transactions.length;
        transactions.push(transaction);
        keys.push(key);
        reads.push(-1);
        writes.push(-1);
      }
      const at = cell(row, key);
      if (isWrite(code)) writes.set(at, log.values.at(place));
      else if (reads.at(at) < 0 && writes.at(at) < 0) reads.set(at, log.values.at(place));
    }
  }
  return {
    count: transactions.length,
    transaction: transactions.view(),
    key: keys.view(),
    read: reads.view(),
    written: writes.view(),
  };
};
