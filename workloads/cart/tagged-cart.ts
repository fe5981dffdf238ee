/**
 * The cart as an observed-remove set: every add has a tag of its own, a remove takes out the tags it has seen and
 * remembers them for good. A merge keeps every tag that neither side has removed, so an add is lost to no merge, and a
 * removed item comes back only by an add that its remove had not seen.
 *
 * The removed tags are never forgotten. A compaction would lose adds that are concurrent with it; instead a cart that
 * carries many tags is checked out, and the next one is a new key.
 */
import * as z from "zod";
import type { CartLine, Tag } from "../../checkers/history/event.ts";
import { byName, type CartCodec, mergeOrders, orderField, type TaggedLine } from "./cart-codec.ts";

export type TaggedCart = {
  readonly live: ReadonlyMap<Tag, CartLine>;
  readonly removed: ReadonlySet<Tag>;
  readonly order: string | undefined;
};

const fieldsShape = z.object({
  codec: z.literal("tagged"),
  live: z.array(z.object({ tag: z.string(), item: z.string(), quantity: z.int().positive() })),
  removed: z.array(z.string()),
  order: z.string().optional(),
});

const without = (cart: TaggedCart, isRemoved: (line: CartLine) => boolean): TaggedCart => {
  const gone = [...cart.live].filter(([, line]) => isRemoved(line)).map(([tag]) => tag);
  const removed = new Set([...cart.removed, ...gone]);
  return { ...cart, live: new Map([...cart.live].filter(([tag]) => !removed.has(tag))), removed };
};

const contents = (cart: TaggedCart) => ({
  codec: "tagged" as const,
  live: [...cart.live]
    .map(([tag, { item, quantity }]): TaggedLine => ({ tag, item, quantity }))
    .toSorted((left, right) => byName(left.tag, right.tag)),
  removed: [...cart.removed].toSorted(byName),
  ...orderField(cart.order),
});

export const taggedCart: CartCodec<TaggedCart> = {
  name: "tagged",
  empty: { live: new Map(), removed: new Set(), order: undefined },
  merge: (left, right) => {
    const removed = new Set([...left.removed, ...right.removed]);
    const live = [...left.live, ...right.live].filter(([tag]) => !removed.has(tag));
    return { live: new Map(live), removed, order: mergeOrders(left.order, right.order) };
  },
  add: (cart, { tag, item, quantity }) => ({
    ...cart,
    live: new Map(cart.live).set(tag, { item, quantity }),
  }),
  remove: (cart, item) => without(cart, (line) => line.item === item),
  close: (cart, order) => ({ ...without(cart, () => true), order }),
  orderOf: (cart) => cart.order,
  items: (cart) => [...new Set([...cart.live.values()].map(({ item }) => item))].toSorted(byName),
  tagsOf: (cart, item) =>
    [...cart.live]
      .filter(([, line]) => line.item === item)
      .map(([tag]) => tag)
      .toSorted(byName),
  tagCount: (cart) => cart.live.size + cart.removed.size,
  contents,
  fields: contents,
  parse: (fields) => {
    const parsed = fieldsShape.safeParse(fields);
    if (!parsed.success) return undefined;
    const live = parsed.data.live.map(({ tag, item, quantity }) => [tag, { item, quantity }] as const);
    return { live: new Map(live), removed: new Set(parsed.data.removed), order: parsed.data.order };
  },
};
