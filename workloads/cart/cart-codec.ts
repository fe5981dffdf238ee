/**
 * What a cart is and how two versions of it become one: the part of the shop that Dynamo leaves to the application
 * (§4.4), and where, by the accounts of those who looked, most of its bugs live.
 *
 * The same shoppers run over different codecs, because the anomalies differ: see tagged-cart.ts and union-cart.ts.
 */
import type { CartContents, CartLine, Tag } from "../../checkers/history/event.ts";

export type TaggedLine = CartLine & { readonly tag: Tag };

/**
 * Pure; a new cart back. `merge` is commutative, associative and idempotent, with `empty` as its neutral element,
 * provided that a tag always names the same line. Nothing here throws.
 */
export interface CartCodec<Cart> {
  readonly name: CartContents["codec"];
  readonly empty: Cart;
  merge(left: Cart, right: Cart): Cart;
  add(cart: Cart, line: TaggedLine): Cart;
  /** Without `item`, as far as this cart has seen it. */
  remove(cart: Cart, item: string): Cart;
  /** Everything taken out by `order`; nobody should add to a closed cart. */
  close(cart: Cart, order: string): Cart;
  /** The order that closed the cart. */
  orderOf(cart: Cart): string | undefined;
  /** What the shopper sees, sorted. */
  items(cart: Cart): readonly string[];
  /** The tags that a remove of `item` takes out, as CartEffect wants them; sorted. */
  tagsOf(cart: Cart, item: string): readonly Tag[];
  /** All tags that the value carries, removed ones too: what makes it grow. */
  tagCount(cart: Cart): number;
  /** For the history. Canonical: equal carts, equal contents. */
  contents(cart: Cart): CartContents;
  /** For the value: the contents, and what else the codec must carry along. */
  fields(cart: Cart): Readonly<Record<string, unknown>>;
  /** Of what JSON made of `fields`; undefined when it is no cart of this codec. */
  parse(fields: unknown): Cart | undefined;
}

/** Two orders for one cart: the smaller name stands for both, so that merging stays a semilattice. */
export const mergeOrders = (left: string | undefined, right: string | undefined): string | undefined => {
  if (left === undefined || right === undefined) return left ?? right;
  return left < right ? left : right;
};

/** A field that is absent when it is undefined. */
export const orderField = (order: string | undefined): { readonly order?: string } =>
  order === undefined ? {} : { order };

export const byName = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
