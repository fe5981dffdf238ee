/**
 * Every workload by its name, as `tipcart run` takes it. A new workload is a new row.
 */
import { cartCheckers } from "../checkers/cart-checkers.ts";
import type { Checker } from "../checkers/checker.ts";
import {
  catalogueCheckers,
  keyValueCheckers,
  registerCheckers,
  sessionCheckers,
  setCheckers,
} from "../checkers/record-checkers.ts";
import { shoppingCart } from "./cart/shopping-cart.ts";
import { taggedCart } from "./cart/tagged-cart.ts";
import { unionCart } from "./cart/union-cart.ts";
import { growOnlySet } from "./objects/grow-only-set.ts";
import { registers } from "./objects/register.ts";
import { keyValue, productCatalogue, sessionStore } from "./records/record-patterns.ts";
import { type KeyChoice, type RecordPattern, recordWorkload } from "./records/record-workload.ts";
import { type Population, populate } from "./workload.ts";

export type Codec = "tagged" | "union";

export type WorkloadOptions = {
  readonly seed: number;
  /** How carts are merged; other workloads take no notice. */
  readonly codec: Codec;
  /** How records are chosen; carts and sets take no notice. */
  readonly keys: KeyChoice;
};

/** How the bucket of a workload is set when nobody says otherwise; what is absent is as for everybody. */
export type BucketPreset = {
  readonly n?: number;
  readonly r?: number;
  readonly w?: number;
  readonly strict?: boolean;
  readonly versions?: "dvv" | "vv-max" | "lww";
};

export type WorkloadEntry = {
  /** For `list` and `--help`: one line. */
  readonly summary: string;
  readonly bucket: BucketPreset;
  readonly checkers: readonly Checker[];
  /** New clients who remember nothing. */
  readonly create: (options: WorkloadOptions) => Population;
};

const records =
  (pattern: RecordPattern) =>
  (options: WorkloadOptions): Population =>
    populate(recordWorkload(pattern, options));

export const catalog: ReadonlyMap<string, WorkloadEntry> = new Map<string, WorkloadEntry>([
  [
    "shopping-cart",
    {
      summary: "carts that are added to, emptied, merged and checked out; no added item may vanish",
      bucket: {},
      checkers: cartCheckers,
      create: ({ seed, codec }) => {
        switch (codec) {
          case "tagged":
            return populate(shoppingCart({ seed, checkers: cartCheckers }, taggedCart));
          case "union":
            return populate(shoppingCart({ seed, checkers: cartCheckers }, unionCart));
        }
      },
    },
  ],
  [
    "session-store",
    {
      summary: "sessions with one browser each, where the newest stamp wins: right while the clocks agree",
      bucket: { versions: "lww" },
      checkers: sessionCheckers,
      create: records(sessionStore),
    },
  ],
  [
    "product-catalogue",
    {
      summary: "a read engine: 19 of 20 requests read, R=1 and W=N",
      bucket: { r: 1, w: 3 },
      checkers: catalogueCheckers,
      create: records(productCatalogue),
    },
  ],
  [
    "key-value",
    {
      summary: "reads, updates, inserts and deletes of plain records",
      bucket: {},
      checkers: keyValueCheckers,
      create: records(keyValue),
    },
  ],
  [
    "grow-only-set",
    {
      summary: "sets that only grow, each element unique: no acknowledged element may vanish",
      bucket: {},
      checkers: setCheckers,
      create: ({ seed }) => populate(growOnlySet({ seed })),
    },
  ],
  [
    "register",
    {
      summary: "registers with one writer and many readers, which must be regular; homes alone count",
      bucket: { strict: true },
      checkers: registerCheckers,
      create: ({ seed }) => populate(registers({ seed })),
    },
  ],
]);
