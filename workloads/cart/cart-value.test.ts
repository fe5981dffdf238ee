import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { streamOf } from "../generator/stream.ts";
import { decodeValue, encodeValue, observe } from "./cart-value.ts";
import { taggedCart } from "./tagged-cart.ts";

const head = { key: "cart/s1/0", write: "7.3", parents: ["1.0", "2.5/order"] };
const cart = taggedCart.add(taggedCart.empty, { tag: "7.3", item: "shirt", quantity: 2 });
const value = encodeValue(head, taggedCart.fields(cart), streamOf(1, "padding").bytes(40));

describe("a cart value", () => {
  it("says who wrote it, upon what, and which cart it holds", () => {
    const decoded = decodeValue(value);

    expect(decoded).toMatchObject(head);
    expect(taggedCart.parse(decoded?.fields)).toEqual(cart);
  });

  it("is one line of JSON, a newline, and bytes of any kind", () => {
    const end = value.indexOf(0x0a);

    expect(JSON.parse(Buffer.from(value.subarray(0, end)).toString())).toEqual({
      v: 1,
      ...head,
      codec: "tagged",
      live: [{ tag: "7.3", item: "shirt", quantity: 2 }],
      removed: [],
    });
    expect(value.length - end - 1).toBe(40);
  });

  it("is observed by its write and the digest of all of its bytes", () => {
    const digest = createHash("sha1").update(value).digest("hex");

    expect(observe(value)).toEqual({ write: "7.3", digest });
  });

  it("is observed with another digest when one byte of its padding is damaged", () => {
    const damaged = Uint8Array.from(value);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 0x80;

    expect(observe(damaged).write).toBe("7.3");
    expect(observe(damaged).digest).not.toBe(observe(value).digest);
  });

  it("is a phantom when its bytes name no write", () => {
    const phantoms = [
      "",
      "\n",
      "{}\n",
      "null\n",
      '{"v":1\n',
      '{"v":2,"key":"k","write":"1.0","parents":[]}\n',
    ]
      .concat([
        '{"v":1,"key":"k","write":"someone","parents":[]}\n',
        '{"v":1,"key":"k","write":"1.0","parents":[]}',
      ])
      .map((text) => new TextEncoder().encode(text));

    expect(phantoms.map((bytes) => observe(bytes).write)).toEqual(phantoms.map(() => null));
  });

  it("may have a key that means something to JavaScript", () => {
    const bytes = encodeValue({ ...head, key: "__proto__" }, taggedCart.fields(cart), new Uint8Array(0));

    expect(decodeValue(bytes)?.key).toBe("__proto__");
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});
