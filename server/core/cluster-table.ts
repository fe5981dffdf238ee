/**
 * Everything that is gossiped: who belongs to the cluster, and who holds what. Both halves merge on their own, so
 * the table does: whatever is exchanged, in whatever order and however often, tables that have seen the same are equal.
 *
 * Two nodes compare a hash first; where it differs they compare digests, and only what one of them lacks is sent.
 */
import { hash } from "node:crypto";
import { type Holding, type Holdings, holderOf, mergeHoldings, noHoldings, stampOf } from "./holdings.ts";
import { type Change, emptyHistory, type History, historyOf, mergeHistories } from "./membership.ts";

export type ClusterTable = { readonly history: History; readonly holdings: Holdings };

/** A table's content without its bulk. `stamps`: holder -> `version.digest`. Both ascending. */
export type TableDigest = {
  readonly changeIds: readonly string[];
  readonly stamps: readonly (readonly [holder: string, stamp: string])[];
};

export type TableDelta = { readonly changes: readonly Change[]; readonly holdings: readonly Holding[] };

export const emptyTable: ClusterTable = { history: emptyHistory, holdings: noHoldings };
export const emptyDelta: TableDelta = { changes: [], holdings: [] };

/** Commutative, associative, idempotent. `ours` itself when nothing is new. */
export function mergeTables(ours: ClusterTable, theirs: ClusterTable): ClusterTable {
  const history = mergeHistories(ours.history, theirs.history);
  const holdings = mergeHoldings(ours.holdings, theirs.holdings);
  return history === ours.history && holdings === ours.holdings ? ours : { history, holdings };
}

export function tableOf({ changes, holdings }: TableDelta): ClusterTable {
  return { history: historyOf(changes), holdings: new Map(holdings.map((one) => [holderOf(one), one])) };
}

export function digestOf({ history, holdings }: ClusterTable): TableDigest {
  return {
    changeIds: [...history.keys()].toSorted(),
    stamps: [...holdings]
      .map(([holder, holding]) => [holder, stampOf(holding)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  };
}

/** Sixteen hexadecimal digits; equal for equal tables. */
export function tableHash(table: ClusterTable): string {
  return hash("md5", JSON.stringify(digestOf(table)), "hex").slice(0, 16);
}

/** What a node with this digest may lack. */
export function deltaFor({ history, holdings }: ClusterTable, theirs: TableDigest): TableDelta {
  const known = new Set(theirs.changeIds);
  const stamps = new Map(theirs.stamps);
  return {
    changes: [...history].flatMap(([id, change]) => (known.has(id) ? [] : [change])),
    holdings: [...holdings].flatMap(([holder, holding]) =>
      stamps.get(holder) === stampOf(holding) ? [] : [holding],
    ),
  };
}

export function isEmptyDelta({ changes, holdings }: TableDelta): boolean {
  return changes.length === 0 && holdings.length === 0;
}
