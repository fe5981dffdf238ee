import { describe, expect, it } from "vitest";
import type { CartCodec } from "./cart-codec.ts";
import { taggedCart } from "./tagged-cart.ts";
import { unionCart } from "./union-cart.ts";

const shirt = { tag: "1.0", item: "shirt", quantity: 2 };

/** One device takes the shirt out; the other has not seen that and adds socks. */
function removedOnOneSide<Cart>(codec: CartCodec<Cart>): Cart {
  const before = codec.add(codec.empty, shirt);
  const phone = codec.remove(before, "shirt");
  const laptop = codec.add(before, { tag: "2.0", item: "socks", quantity: 1 });
  return codec.merge(phone, laptop);
}

describe("a removed item", () => {
  it("stays away from a tagged cart", () => {
    expect(taggedCart.items(removedOnOneSide(taggedCart))).toEqual(["socks"]);
  });

  it("comes back to a union cart", () => {
    expect(unionCart.items(removedOnOneSide(unionCart))).toEqual(["shirt", "socks"]);
  });

  it("comes back to a tagged cart by an add that the remove had not seen", () => {
    const before = taggedCart.add(taggedCart.empty, shirt);
    const again = taggedCart.add(before, { tag: "2.0", item: "shirt", quantity: 1 });

    const merged = taggedCart.merge(taggedCart.remove(before, "shirt"), again);

    expect(taggedCart.contents(merged)).toEqual({
      codec: "tagged",
      live: [{ tag: "2.0", item: "shirt", quantity: 1 }],
      removed: ["1.0"],
    });
  });
});

describe("a closed cart", () => {
  it("is empty, names its order, and keeps an add that raced with it", () => {
    const before = taggedCart.add(taggedCart.empty, shirt);
    const late = taggedCart.add(before, { tag: "2.0", item: "socks", quantity: 1 });

    const merged = taggedCart.merge(taggedCart.close(before, "order/9.0"), late);

    expect(taggedCart.items(taggedCart.close(before, "order/9.0"))).toEqual([]);
    expect(taggedCart.orderOf(merged)).toBe("order/9.0");
    expect(taggedCart.items(merged)).toEqual(["socks"]);
  });
});

describe("the union cart", () => {
  it("takes the larger quantity of an item", () => {
    const two = unionCart.add(unionCart.empty, shirt);
    const five = unionCart.add(unionCart.empty, { tag: "2.0", item: "shirt", quantity: 5 });

    expect(unionCart.contents(unionCart.merge(two, five))).toEqual({
      codec: "union",
      lines: [{ item: "shirt", quantity: 5 }],
    });
  });

  it("knows the tags of all adds in its past, also of what was removed", () => {
    const merged = removedOnOneSide(unionCart);

    expect(unionCart.tagsOf(unionCart.remove(merged, "shirt"), "shirt")).toEqual(["1.0"]);
    expect(unionCart.tagCount(merged)).toBe(2);
  });
});
