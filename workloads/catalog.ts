/**
 * Every workload by its name, as `--workload` takes it. A new workload is a new row.
 */
import { cartCheckers } from "../checkers/cart-checkers.ts";
import { shoppingCart } from "./cart/shopping-cart.ts";
import { taggedCart } from "./cart/tagged-cart.ts";
import { unionCart } from "./cart/union-cart.ts";
import { type Population, populate } from "./workload.ts";

export type Codec = "tagged" | "union";

export type WorkloadOptions = {
  readonly seed: number;
  /** How carts are merged; other workloads take no notice. */
  readonly codec: Codec;
};

export type WorkloadEntry = {
  /** For `list` and `--help`: one line. */
  readonly summary: string;
  /** New clients who remember nothing. */
  readonly create: (options: WorkloadOptions) => Population;
};

export const catalog: ReadonlyMap<string, WorkloadEntry> = new Map([
  [
    "shopping-cart",
    {
      summary: "carts that are added to, emptied, merged and checked out; no added item may vanish",
      create: ({ seed, codec }) => {
        switch (codec) {
          case "tagged":
            return populate(shoppingCart({ seed, checkers: cartCheckers }, taggedCart));
          case "union":
            return populate(shoppingCart({ seed, checkers: cartCheckers }, unionCart));
        }
      },
    } satisfies WorkloadEntry,
  ],
]);
