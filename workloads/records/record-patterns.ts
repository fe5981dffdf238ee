/**
 * Patterns of use from the paper (§6), as mixes over plain records:
 *
 * - session store: every session has one browser that writes it, the newest stamp wins. Nothing is lost as long as the
 *   clocks of the nodes agree; that is what a clock jump takes away.
 * - product catalogue: many reads, few writes, R=1 and W=N: the high-performance read engine.
 * - key-value: reads, updates, inserts and deletes without a further meaning.
 */
import { catalogueCheckers, keyValueCheckers, sessionCheckers } from "../../checkers/record-checkers.ts";
import type { RecordPattern } from "./record-workload.ts";

export const sessionStore: RecordPattern = {
  name: "session-store",
  prefix: "session",
  recordCount: 400,
  mix: { read: 50, renew: 50 },
  isOwned: true,
  valueBytes: 200,
  checkers: sessionCheckers,
};

export const productCatalogue: RecordPattern = {
  name: "product-catalogue",
  prefix: "product",
  recordCount: 500,
  mix: { read: 95, update: 5 },
  isOwned: true,
  valueBytes: 400,
  checkers: catalogueCheckers,
};

export const keyValue: RecordPattern = {
  name: "key-value",
  prefix: "record",
  recordCount: 500,
  mix: { read: 50, update: 35, insert: 10, remove: 5 },
  isOwned: false,
  valueBytes: 200,
  checkers: keyValueCheckers,
};
