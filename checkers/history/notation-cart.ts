/**
 * What a cart written in the notation holds: its parents' carts merged as the codec merges, then changed as the
 * line says. A line may state other contents than these, which is how a golden history shows a broken codec.
 */
import type { CartContents, CartEffect, CartLine, Tag, WriteId } from "./event.ts";

export type CartChange = {
  readonly write: WriteId;
  readonly parents: readonly WriteId[];
  readonly action: CartEffect["action"] | undefined;
  /** Items, each with a quantity. */
  readonly adds: readonly CartLine[];
  readonly removes: readonly string[];
  readonly order: string | undefined;
  /** Overrides what the codec would make: `item` and the write that added it. */
  readonly holds: readonly { readonly item: string; readonly write: WriteId }[] | undefined;
};

type Tagged = CartLine & { readonly tag: Tag };
type Cart = { readonly live: readonly Tagged[]; readonly removed: readonly Tag[] };

/** Add tags are called after the write and the item, so that a reader of a golden knows who is meant. */
export const tagOf = (write: WriteId, item: string): Tag => `${write}/${item}`;

/** The carts of one history, by write id. */
export class NotatedCarts {
  readonly #codec: string;
  readonly #carts = new Map<WriteId, Cart>();

  constructor(codec: string) {
    this.#codec = codec;
  }

  write(change: CartChange): { effect: CartEffect; contents: CartContents } {
    const merged = this.#merged(change.parents);
    const isCheckout = change.order !== undefined;
    const removedItems = isCheckout ? [...new Set(merged.live.map(({ item }) => item))] : change.removes;
    const removes = removedItems.map((item) => ({
      item,
      observed: merged.live.filter((line) => line.item === item).map(({ tag }) => tag),
    }));
    const adds = change.adds.map((line) => ({ ...line, tag: tagOf(change.write, line.item) }));
    const taken = new Set(removes.flatMap(({ observed }) => observed));
    const kept = merged.live.filter(({ tag }) => !taken.has(tag));
    const live = change.holds?.map(({ item, write }) => ({ item, quantity: 1, tag: tagOf(write, item) }));
    // Contents that the line states may show again what was taken out: then the codec has forgotten the removal.
    const shown = new Set(live?.map(({ tag }) => tag));
    const cart: Cart = {
      live: live ?? [...kept, ...adds],
      removed: [...new Set([...merged.removed, ...taken])].filter((tag) => !shown.has(tag)),
    };
    this.#carts.set(change.write, cart);
    const action = change.action ?? (isCheckout ? "checkout" : actionOf(change));
    return { effect: { action, adds, removes }, contents: this.#contents(cart, change.order) };
  }

  #contents({ live, removed }: Cart, order: string | undefined): CartContents {
    const sealed = order === undefined ? {} : { order };
    if (this.#codec === "union") {
      const items = [...new Set(live.map(({ item }) => item))];
      return { codec: "union", lines: items.map((item) => ({ item, quantity: 1 })), ...sealed };
    }
    return { codec: "tagged", live, removed, ...sealed };
  }

  #merged(parents: readonly WriteId[]): Cart {
    const carts = parents.flatMap((parent) => this.#carts.get(parent) ?? []);
    const lines = new Map(carts.flatMap(({ live }) => live.map((line) => [line.tag, line] as const)));
    if (this.#codec === "union") return { live: [...lines.values()], removed: [] };
    const removed = new Set(carts.flatMap((cart) => cart.removed));
    return { live: [...lines.values()].filter(({ tag }) => !removed.has(tag)), removed: [...removed] };
  }
}

const actionOf = ({ adds, removes, parents }: CartChange): CartEffect["action"] => {
  if (adds.length > 0 && removes.length > 0) return "set-quantity";
  if (removes.length > 0) return "remove";
  return adds.length > 0 || parents.length === 0 ? "add" : "merge";
};
