import { describe, expect, it } from "vitest";
import { type ContextContent, decodeContext, encodeContext, tokenLengthMax } from "./context.ts";
import { vectorOf } from "./version-vector.ts";
import { emptyContext } from "./versions.ts";

const content: ContextContent = {
  context: {
    vector: vectorOf([
      ["n1~f00df00df00df00df00df00df00df00d~0", 3],
      ["n1~f00df00df00df00df00df00df00df00d~17", 1],
    ]),
    cloud: [{ actor: "n2~beefbeefbeefbeefbeefbeefbeefbeef~2", counter: 9 }],
    writes: [
      { writeId: "w7", rank: 12, dots: [{ actor: "n3~f00df00df00df00df00df00df00df00d~1", counter: 7 }] },
    ],
  },
  fastest: "n2",
  ringHash: "0123456789abcdef",
};

const tokenOf = (of: ContextContent, bucket = "carts", key = "cart/1/1"): string => {
  const encoded = encodeContext(of, bucket, key);
  if (encoded.type === "fail") throw new Error(encoded.reason);
  return encoded.token;
};

const withEpochs = (count: number): ContextContent => ({
  ...content,
  context: {
    ...emptyContext,
    vector: vectorOf(Array.from({ length: count }, (_, epoch) => [`n1~${"f00d".repeat(8)}~${epoch}`, 1])),
  },
});

describe("a context token", () => {
  it("gives back what it was made of", () => {
    expect(decodeContext(tokenOf(content), "carts", "cart/1/1")).toEqual({ type: "ok", ...content });
  });

  it("leaves out the names of writes where they would make it too long", () => {
    const writes = Array.from({ length: 100 }, (_, index) => ({
      writeId: `${index}`.repeat(40),
      rank: index,
      dots: [{ actor: "n1~f00df00df00df00df00df00df00df00d~0", counter: 1 }],
    }));

    const token = tokenOf({ ...content, context: { ...content.context, writes } });

    expect(decodeContext(token, "carts", "cart/1/1")).toEqual({
      type: "ok",
      ...content,
      context: { ...content.context, writes: [] },
    });
  });

  it("is text that a header can carry", () => {
    expect(tokenOf(content)).toMatch(/^[A-Za-z0-9_-]+$/);
  });

  it("is refused for another key or bucket", () => {
    const refused = { type: "fail", reason: "the context belongs to another key" };

    expect(decodeContext(tokenOf(content), "carts", "cart/1/2")).toEqual(refused);
    expect(decodeContext(tokenOf(content), "other", "cart/1/1")).toEqual(refused);
  });

  it.each(["", "A", "!!!!", "AQID", `${tokenOf(content)}=`, `${tokenOf(content)} `, ` ${tokenOf(content)}`])(
    "is not %j",
    (text) => {
      expect(decodeContext(text, "carts", "cart/1/1")).toEqual({
        type: "fail",
        reason: "the context is no token of this store or is damaged",
      });
    },
  );

  it("holds some hundred epochs of a few nodes within its bound, and is refused beyond it", () => {
    expect(tokenOf(withEpochs(500)).length).toBeLessThanOrEqual(tokenLengthMax);
    expect(encodeContext(withEpochs(2000), "carts", "k").type).toBe("fail");
    expect(decodeContext("A".repeat(tokenLengthMax + 1), "carts", "k")).toEqual({
      type: "fail",
      reason: "the context is too long",
    });
  });
});
