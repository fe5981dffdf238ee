/**
 * One shopper at one cart: look at it, write it back. Every change is a read, a merge of all versions that came back,
 * and a put that is built on all of them, as the paper's cart works (§4.4). Nothing here knows chance or time.
 *
 * A cart is `cart/{shopper}/{generation}`. A checkout or a delete closes the key for good and the next cart is the
 * next generation; devices find out when they read a closed cart, and move on. Adds that raced with the closing stay
 * where they are and count there. A deleted cart must not be written again, because a tombstone does not say what it
 * took out: a writer could neither take out the same lines from a version that raced with it, nor claim to have.
 */
import type { CartEffect, Tag, WriteId } from "../../checkers/history/event.ts";
import type { Stream } from "../generator/stream.ts";
import type { StoreWrite } from "../store.ts";
import type { Applied, ClientProcess } from "../workload.ts";
import type { CartCodec } from "./cart-codec.ts";
import { decodeValue, encodeValue } from "./cart-value.ts";
import type { CartWish } from "./cart-wish.ts";

/** What a device has read of a cart: all versions, merged, and what they were. */
export type Sight<Cart> = {
  readonly key: string;
  readonly cart: Cart;
  readonly context: string;
  /** Every version merged into `cart`, tombstones included; sorted, each once. */
  readonly parents: readonly WriteId[];
  readonly siblingCount: number;
  readonly tombstoneCount: number;
};

/** What a device remembers between its wishes. */
export type CartMemory<Cart> = {
  /** Of its shopper's open cart, as far as this device knows. Only ever grows. */
  generation: number;
  /** The cart as it was last displayed, which may be long ago. */
  displayed?: Sight<Cart>;
};

export type Visit<Cart> = {
  readonly codec: CartCodec<Cart>;
  readonly wish: CartWish;
  readonly client: ClientProcess;
  readonly memory: CartMemory<Cart>;
  /** Random bytes for the values of this visit. */
  readonly padding: Stream;
};

/** A wish that ended before its cart was found. */
export type Ended = { readonly type: "ended"; readonly applied: Applied };
export type Looked<Cart> = Ended | { readonly type: "sight"; readonly sight: Sight<Cart> };

/** How many closed carts one look passes; a device that is further behind catches up with its next wish. */
const generationsPerLook = 8;

const ended = (applied: Applied): Ended => ({ type: "ended", applied });

/** Reads the shopper's open cart, going past closed ones. A key that holds nothing is an empty, open cart. */
export async function look<Cart>(visit: Visit<Cart>): Promise<Looked<Cart>> {
  for (let passed = 0; passed < generationsPerLook; passed++) {
    const key = openKey(visit);
    const looked = await lookAt(visit, key);
    if (looked.type === "ended" || !isClosed(visit, looked.sight)) return looked;
    moveOn(visit, key);
  }
  return ended({ type: "ok" });
}

/** The key of the shopper's open cart, as far as this device knows. */
export const openKey = <Cart>({ wish, memory }: Visit<Cart>): string =>
  `cart/${wish.shopper}/${memory.generation}`;

/** The cart at `key` is closed. Another wish of the same device may have found out before. */
export function moveOn<Cart>(visit: Visit<Cart>, key: string): void {
  if (openKey(visit) === key) visit.memory.generation += 1;
}

const isClosed = <Cart>({ codec }: Visit<Cart>, { cart, tombstoneCount }: Sight<Cart>): boolean =>
  tombstoneCount > 0 || codec.orderOf(cart) !== undefined;

/** Reads one key and merges what is there. */
export async function lookAt<Cart>({ codec, client }: Visit<Cart>, key: string): Promise<Looked<Cart>> {
  const read = await client.store.get(key);
  if (read.type !== "ok") return ended(read);
  const seen = read.observed.map(({ write }) => write).filter((write) => write !== null);
  const carts = read.siblings.map((bytes) => codec.parse(decodeValue(bytes)?.fields));
  const sight: Sight<Cart> = {
    key,
    cart: carts.filter((cart) => cart !== undefined).reduce(codec.merge, codec.empty),
    context: read.context,
    parents: [...new Set([...seen, ...read.tombstones])].toSorted(),
    siblingCount: read.siblings.length,
    tombstoneCount: read.tombstones.length,
  };
  return { type: "sight", sight };
}

/** What a write is built on: a sight, or for a blind write nothing. */
export type Base = { readonly key: string; readonly context?: string; readonly parents: readonly WriteId[] };

/** Puts `cart` in the place of what `base` has seen. */
export async function putCart<Cart>(
  visit: Visit<Cart>,
  base: Base,
  change: { readonly write: WriteId; readonly cart: Cart; readonly effect: CartEffect },
): Promise<Applied> {
  const { codec, client, padding, wish } = visit;
  const { key, parents, context } = base;
  const { write, cart, effect } = change;
  const written = await client.store.put({
    key,
    write,
    parents,
    effect,
    ...(context === undefined || context === "" ? {} : { context }),
    contents: codec.contents(cart),
    value: encodeValue({ key, write, parents }, codec.fields(cart), padding.bytes(wish.paddingBytes)),
  });
  return appliedOf(written);
}

/** Puts the record of what an order sold under a key of its own, which is written once. */
export async function putOrder<Cart>(
  visit: Visit<Cart>,
  order: { readonly operation: string; readonly sold: readonly Tag[] },
): Promise<Applied> {
  const key = orderKey(order.operation);
  const head = { key, write: `${order.operation}/order`, parents: [] };
  const written = await visit.client.store.put({
    ...head,
    value: encodeValue(head, { sold: order.sold }, visit.padding.bytes(visit.wish.paddingBytes)),
    effect: { action: "order", adds: [], removes: [] },
    sold: order.sold,
  });
  return appliedOf(written);
}

export const orderKey = (operation: string): string => `order/${operation}`;

/** The wish's item and quantity under the tag `tag`: a write's own id, since it adds at most one line. */
export const lineOf = ({ item, quantity }: CartWish, tag: Tag) => ({ tag, item, quantity });

/** What taking out `items` takes out of this cart, in terms of tags. */
export const removesOf = <Cart>(codec: CartCodec<Cart>, cart: Cart, items: readonly string[]) =>
  items.map((item) => ({ item, observed: codec.tagsOf(cart, item) }));

export const appliedOf = (written: StoreWrite): Applied =>
  written.type === "ok" ? { type: "ok" } : { type: written.type, error: written.error };
