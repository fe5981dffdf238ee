/**
 * The shopping cart, the case Dynamo was built for: an added item must never vanish, whatever fails. What each action
 * does is here; what shoppers want is in cart-wish.ts, how a cart is read and written in cart-visit.ts.
 *
 * Every write names its parents and, in tags, what it added and what it took out, so that a history can be judged
 * without asking the store which version came before which.
 */
import type { Checker } from "../../checkers/checker.ts";
import type { CartEffect } from "../../checkers/history/event.ts";
import { streamOf } from "../generator/stream.ts";
import type { Applied, Workload } from "../workload.ts";
import type { CartCodec } from "./cart-codec.ts";
import { observe } from "./cart-value.ts";
import {
  appliedOf,
  type CartMemory,
  type Looked,
  lineOf,
  look,
  lookAt,
  moveOn,
  openKey,
  orderKey,
  putCart,
  putOrder,
  removesOf,
  type Sight,
  type Visit,
} from "./cart-visit.ts";
import { type CartWish, cartWishes, requestsPerWish } from "./cart-wish.ts";

/** A cart that carries so many tags is checked out by whoever would add to it next. */
export const tagCountMax = 64;

export type ShoppingCart<Cart> = Workload<CartWish, CartMemory<Cart>>;

/** `checkers` judge its histories. */
export function shoppingCart<Cart>(
  options: { readonly seed: number; readonly checkers: readonly Checker[] },
  codec: CartCodec<Cart>,
): ShoppingCart<Cart> {
  return {
    name: "shopping-cart",
    wish: cartWishes(options.seed),
    newMemory: () => ({ generation: 0 }),
    apply: (wish, client, memory) =>
      carryOut({ codec, wish, client, memory, padding: streamOf(wish.paddingSeed, "padding") }),
    observe,
    checkers: options.checkers,
    requestsPerWish,
  };
}

function carryOut<Cart>(visit: Visit<Cart>): Promise<Applied> {
  switch (visit.wish.action) {
    case "add":
      return add(visit);
    case "late-add":
      return lateAdd(visit);
    case "remove":
      return change(visit, remove);
    case "set-quantity":
      return change(visit, setQuantity);
    case "read":
      return display(visit);
    case "merge":
      return change(visit, merge);
    case "checkout":
      return checkout(visit);
    case "blind":
      return blindPut(visit, openKey(visit), "blind");
    case "delete":
      return deleteKey(visit, () => look(visit));
    case "one-shot":
      return blindPut(visit, `once/${visit.wish.serial}`, "one-shot");
    case "renew":
      return renew(visit, `renewed/${visit.wish.serial}`);
    case "toggle":
      return inTurn([() => add(visit), () => change(visit, removeWished), () => add(visit)]);
    case "robot":
      return robot(visit);
  }
}

/** One after another without a pause, until one does not end ok. */
async function inTurn(steps: readonly (() => Promise<Applied>)[]): Promise<Applied> {
  for (const step of steps) {
    const applied = await step();
    if (applied.type !== "ok") return applied;
  }
  return { type: "ok" };
}

/** What a cart becomes; undefined when there is nothing to do. */
type Change<Cart> = { readonly cart: Cart; readonly effect: CartEffect };
type Rewrite = <Cart>(visit: Visit<Cart>, sight: Sight<Cart>, write: string) => Change<Cart> | undefined;

/** Read, merge, change, put back. */
async function change<Cart>(visit: Visit<Cart>, rewrite: Rewrite): Promise<Applied> {
  const operation = visit.client.nextOperation();
  const looked = await look(visit);
  if (looked.type === "ended") return looked.applied;
  const changed = rewrite(visit, looked.sight, operation);
  return changed === undefined
    ? { type: "ok" }
    : putCart(visit, looked.sight, { write: operation, ...changed });
}

const addLine = <Cart>({ codec, wish }: Visit<Cart>, { cart }: Sight<Cart>, write: string): Change<Cart> => {
  const line = lineOf(wish, write);
  return { cart: codec.add(cart, line), effect: { action: "add", adds: [line], removes: [] } };
};

const removeItem = <Cart>({ codec }: Visit<Cart>, { cart }: Sight<Cart>, item: string): Change<Cart> => ({
  cart: codec.remove(cart, item),
  effect: { action: "remove", adds: [], removes: removesOf(codec, cart, [item]) },
});

const pickedItem = <Cart>({ codec, wish }: Visit<Cart>, { cart }: Sight<Cart>): string | undefined => {
  const items = codec.items(cart);
  return items[Math.floor(wish.pick * items.length)];
};

const remove: Rewrite = (visit, sight) => {
  const item = pickedItem(visit, sight);
  return item === undefined ? undefined : removeItem(visit, sight, item);
};

const removeWished: Rewrite = (visit, sight) =>
  visit.codec.items(sight.cart).includes(visit.wish.item)
    ? removeItem(visit, sight, visit.wish.item)
    : undefined;

const setQuantity: Rewrite = (visit, sight, write) => {
  const item = pickedItem(visit, sight);
  if (item === undefined) return undefined;
  const line = { tag: write, item, quantity: visit.wish.quantity };
  const { cart, effect } = removeItem(visit, sight, item);
  return {
    cart: visit.codec.add(cart, line),
    effect: { ...effect, action: "set-quantity", adds: [line] },
  };
};

const merge: Rewrite = (_visit, { cart, siblingCount }) =>
  siblingCount > 1 ? { cart, effect: { action: "merge", adds: [], removes: [] } } : undefined;

/** Adds the wished item; a cart that carries too many tags is checked out instead. */
async function add<Cart>(visit: Visit<Cart>): Promise<Applied> {
  const operation = visit.client.nextOperation();
  const looked = await look(visit);
  if (looked.type === "ended") return looked.applied;
  const { sight } = looked;
  if (visit.codec.tagCount(sight.cart) >= tagCountMax) return close(visit, sight, operation);
  return putCart(visit, sight, { write: operation, ...addLine(visit, sight, operation) });
}

/** As from a page that was opened a while ago; without one, an ordinary add. */
async function lateAdd<Cart>(visit: Visit<Cart>): Promise<Applied> {
  const sight = visit.memory.displayed;
  if (sight === undefined) return add(visit);
  const operation = visit.client.nextOperation();
  return putCart(visit, sight, { write: operation, ...addLine(visit, sight, operation) });
}

async function display<Cart>(visit: Visit<Cart>): Promise<Applied> {
  visit.client.nextOperation();
  const looked = await look(visit);
  if (looked.type === "ended") return looked.applied;
  visit.memory.displayed = looked.sight;
  return { type: "ok" };
}

async function checkout<Cart>(visit: Visit<Cart>): Promise<Applied> {
  const operation = visit.client.nextOperation();
  const looked = await look(visit);
  if (looked.type === "ended") return looked.applied;
  const isEmpty = visit.codec.items(looked.sight.cart).length === 0;
  return isEmpty ? { type: "ok" } : close(visit, looked.sight, operation);
}

/** The order first: a cart must not be emptied for an order that nobody has. */
async function close<Cart>(visit: Visit<Cart>, sight: Sight<Cart>, operation: string): Promise<Applied> {
  const { codec } = visit;
  const removes = removesOf(codec, sight.cart, codec.items(sight.cart));
  const ordered = await putOrder(visit, { operation, sold: removes.flatMap(({ observed }) => observed) });
  if (ordered.type !== "ok") return ordered;
  const closed = await putCart(visit, sight, {
    write: operation,
    cart: codec.close(sight.cart, orderKey(operation)),
    effect: { action: "checkout", adds: [], removes },
  });
  if (closed.type === "ok") moveOn(visit, sight.key);
  return closed;
}

/** One line, built on nothing. */
function blindPut<Cart>(visit: Visit<Cart>, key: string, action: "blind" | "one-shot"): Promise<Applied> {
  const { codec, wish, client } = visit;
  const write = client.nextOperation();
  const line = lineOf(wish, write);
  const effect: CartEffect = { action, adds: [line], removes: [] };
  return putCart(visit, { key, parents: [] }, { write, cart: codec.add(codec.empty, line), effect });
}

/** Deletes the key that was looked at, as it was seen. One that holds no value is left alone. */
async function deleteKey<Cart>(visit: Visit<Cart>, see: () => Promise<Looked<Cart>>): Promise<Applied> {
  const { codec, client } = visit;
  const write = client.nextOperation();
  const looked = await see();
  if (looked.type === "ended") return looked.applied;
  const { key, cart, context, parents, siblingCount } = looked.sight;
  if (siblingCount === 0) return { type: "ok" };
  const removes = removesOf(codec, cart, codec.items(cart));
  const effect: CartEffect = { action: "delete", adds: [], removes };
  const applied = appliedOf(await client.store.delete({ key, context, write, parents, effect }));
  if (applied.type === "ok") moveOn(visit, key);
  return applied;
}

/** Writes a key, deletes it, and writes it again upon the tombstone. Nobody else ever touches it. */
function renew<Cart>(visit: Visit<Cart>, key: string): Promise<Applied> {
  const see = (): Promise<Looked<Cart>> => lookAt(visit, key);
  return inTurn([
    () => blindPut(visit, key, "one-shot"),
    () => deleteKey(visit, see),
    async () => {
      const operation = visit.client.nextOperation();
      const looked = await see();
      if (looked.type === "ended") return looked.applied;
      return putCart(visit, looked.sight, { write: operation, ...addLine(visit, looked.sight, operation) });
    },
  ]);
}

/** No program waits for a person: the next read follows on the last put. */
function robot<Cart>(visit: Visit<Cart>): Promise<Applied> {
  const once = (): Promise<Applied> => add(visit);
  const blind = (): Promise<Applied> => blindPut(visit, openKey(visit), "blind");
  return inTurn([once, once, once, once, ...(visit.wish.pick < 0.3 ? [blind] : [])]);
}
