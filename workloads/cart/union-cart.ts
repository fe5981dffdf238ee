/**
 * The cart of the Dynamo paper (§4.4): lines by name, merged by union, the larger quantity wins. No add is ever lost,
 * and removed items come back, because a union cannot tell "the other side has not seen it yet" from "the other side
 * has taken it out". It is here to show that.
 *
 * A judge must know which adds a remove had seen. The store's answer does not say, so the value carries, beside its
 * lines, every tag ever added in its past. No merge of lines looks at them: they are the oracle's, not the shop's.
 */
import * as z from "zod";
import type { Tag } from "../../checkers/history/event.ts";
import { byName, type CartCodec, mergeOrders, orderField } from "./cart-codec.ts";

export type UnionCart = {
  /** Item -> quantity. */
  readonly lines: ReadonlyMap<string, number>;
  /** Tag of each add in this version's past -> its item. Only ever grows. */
  readonly past: ReadonlyMap<Tag, string>;
  readonly order: string | undefined;
};

const fieldsShape = z.object({
  codec: z.literal("union"),
  lines: z.array(z.object({ item: z.string(), quantity: z.int().positive() })),
  past: z.array(z.object({ tag: z.string(), item: z.string() })),
  order: z.string().optional(),
});

const contents = (cart: UnionCart) => ({
  codec: "union" as const,
  lines: [...cart.lines]
    .map(([item, quantity]) => ({ item, quantity }))
    .toSorted((left, right) => byName(left.item, right.item)),
  ...orderField(cart.order),
});

const largerOf = (
  left: ReadonlyMap<string, number>,
  right: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> => {
  const merged = new Map(left);
  for (const [item, quantity] of right) merged.set(item, Math.max(quantity, merged.get(item) ?? 0));
  return merged;
};

export const unionCart: CartCodec<UnionCart> = {
  name: "union",
  empty: { lines: new Map(), past: new Map(), order: undefined },
  merge: (left, right) => ({
    lines: largerOf(left.lines, right.lines),
    past: new Map([...left.past, ...right.past]),
    order: mergeOrders(left.order, right.order),
  }),
  add: (cart, { tag, item, quantity }) => ({
    ...cart,
    lines: largerOf(cart.lines, new Map([[item, quantity]])),
    past: new Map(cart.past).set(tag, item),
  }),
  remove: (cart, item) => ({
    ...cart,
    lines: new Map([...cart.lines].filter(([other]) => other !== item)),
  }),
  close: (cart, order) => ({ ...cart, lines: new Map(), order }),
  orderOf: (cart) => cart.order,
  items: (cart) => [...cart.lines.keys()].toSorted(byName),
  tagsOf: (cart, item) =>
    [...cart.past]
      .filter(([, of]) => of === item)
      .map(([tag]) => tag)
      .toSorted(byName),
  tagCount: (cart) => cart.past.size,
  contents,
  fields: (cart) => ({
    ...contents(cart),
    past: [...cart.past]
      .map(([tag, item]) => ({ tag, item }))
      .toSorted((left, right) => byName(left.tag, right.tag)),
  }),
  parse: (fields) => {
    const parsed = fieldsShape.safeParse(fields);
    if (!parsed.success) return undefined;
    return {
      lines: new Map(parsed.data.lines.map(({ item, quantity }) => [item, quantity])),
      past: new Map(parsed.data.past.map(({ tag, item }) => [tag, item])),
      order: parsed.data.order,
    };
  },
};
