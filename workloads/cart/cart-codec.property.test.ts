/**
 * The laws of both codecs. Carts are made the way shops make them: a few replicas of one cart, each changed and
 * merged in any order, so that equal tags always name equal lines.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CartCodec } from "./cart-codec.ts";
import { taggedCart } from "./tagged-cart.ts";
import { unionCart } from "./union-cart.ts";

const numRuns = 300 * (process.env["TIPCART_DEEP"] === undefined ? 1 : 20);

type Step =
  | { readonly do: "add"; readonly at: number; readonly item: string; readonly quantity: number }
  | { readonly do: "remove"; readonly at: number; readonly item: string }
  | { readonly do: "merge"; readonly at: number; readonly from: number }
  | { readonly do: "close"; readonly at: number; readonly order: string };

const replica = fc.nat(2);
/** `__proto__` and friends are legal names. */
const item = fc.constantFrom("apple", "pear", "__proto__", "constructor");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      at: replica,
      item,
      quantity: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), at: replica, item }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("merge" as const), at: replica, from: replica }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("close" as const),
      at: replica,
      order: fc.constantFrom("order/1", "order/2"),
    }),
  },
);
const steps = fc.array(step, { maxLength: 25 });

/** Three replicas of one cart after `steps`. */
function grown<Cart>(codec: CartCodec<Cart>, taken: readonly Step[]): readonly [Cart, Cart, Cart] {
  const carts: [Cart, Cart, Cart] = [codec.empty, codec.empty, codec.empty];
  for (const [index, wanted] of taken.entries()) {
    const cart = carts[wanted.at] ?? codec.empty;
    carts[wanted.at] = after(codec, cart, wanted, { tag: `${index}.0`, carts });
  }
  return carts;
}

function after<Cart>(
  codec: CartCodec<Cart>,
  cart: Cart,
  wanted: Step,
  { tag, carts }: { readonly tag: string; readonly carts: readonly Cart[] },
): Cart {
  switch (wanted.do) {
    case "add":
      return codec.add(cart, { tag, item: wanted.item, quantity: wanted.quantity });
    case "remove":
      return codec.remove(cart, wanted.item);
    case "merge":
      return codec.merge(cart, carts[wanted.from] ?? codec.empty);
    case "close":
      return codec.close(cart, wanted.order);
  }
}

function obeysTheLaws<Cart>(codec: CartCodec<Cart>): void {
  it("merges the same in any order, any grouping, and twice", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [a, b, c] = grown(codec, taken);
        const same = (left: Cart, right: Cart): void =>
          expect(codec.fields(left)).toEqual(codec.fields(right));

        same(codec.merge(a, b), codec.merge(b, a));
        same(codec.merge(codec.merge(a, b), c), codec.merge(a, codec.merge(b, c)));
        same(codec.merge(a, a), a);
        same(codec.merge(codec.empty, a), a);
      }),
      { numRuns },
    );
  });

  it("comes back from JSON as it was", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const [cart] = grown(codec, taken);

        const parsed = codec.parse(JSON.parse(JSON.stringify(codec.fields(cart))));

        expect(parsed).toBeDefined();
        expect(parsed === undefined ? undefined : codec.fields(parsed)).toEqual(codec.fields(cart));
      }),
      { numRuns },
    );
  });

  it("shows an item after its add and not after its remove", () => {
    fc.assert(
      fc.property(steps, item, (taken, name) => {
        const [cart] = grown(codec, taken);

        const added = codec.add(cart, { tag: "99.0", item: name, quantity: 1 });

        expect(codec.items(added)).toContain(name);
        expect(codec.tagsOf(added, name)).toContain("99.0");
        expect(codec.items(codec.remove(added, name))).not.toContain(name);
      }),
      { numRuns },
    );
  });

  it("takes nothing for a cart that is not one", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(codec.parse(value)).toBeUndefined();
      }),
      { numRuns },
    );
  });
}

describe("the tagged cart", () => {
  obeysTheLaws(taggedCart);

  it("never shows a removed tag again, whatever is merged", () => {
    fc.assert(
      fc.property(steps, steps, (taken, later) => {
        const [a, b, c] = grown(taggedCart, taken);
        const [x] = grown(taggedCart, later);

        const merged = [a, b, c, x].reduce(taggedCart.merge);

        for (const tag of [...a.removed, ...b.removed]) expect(merged.live.has(tag)).toBe(false);
      }),
      { numRuns },
    );
  });

  it("loses no tag that nobody removed", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const carts = grown(taggedCart, taken);

        const merged = carts.reduce(taggedCart.merge);

        for (const tag of carts.flatMap((cart) => [...cart.live.keys()])) {
          expect(merged.live.has(tag) || merged.removed.has(tag)).toBe(true);
        }
      }),
      { numRuns },
    );
  });
});

describe("the union cart", () => {
  obeysTheLaws(unionCart);

  it("shows every item that any side shows", () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const carts = grown(unionCart, taken);

        const merged = unionCart.items(carts.reduce(unionCart.merge));

        expect(merged).toEqual([...new Set(carts.flatMap((cart) => unionCart.items(cart)))].toSorted());
      }),
      { numRuns },
    );
  });
});
