import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeContexts } from "./causal-context.ts";
import { type ContextContent, decodeContext, encodeContext } from "./context.ts";
import { anyDot, anyText, anyVector, numRuns } from "./state-fixture.ts";
import { emptyContext, type RecentWrite } from "./versions.ts";

const anyWrite: fc.Arbitrary<RecentWrite> = fc.record({
  writeId: fc.string({ maxLength: 16 }),
  rank: fc.nat(),
  dots: fc.array(anyDot, { minLength: 1, maxLength: 2 }),
});

const anyContent: fc.Arbitrary<ContextContent> = fc.record({
  context: fc
    .record({ vector: anyVector, cloud: fc.array(anyDot, { maxLength: 4 }), writes: fc.array(anyWrite) })
    .map(({ writes, ...context }) => ({ ...mergeContexts(context, emptyContext), writes })),
  fastest: fc.string({ maxLength: 64 }),
  ringHash: fc.string({ maxLength: 16 }),
});

/** A token and the place of the character that is going to be replaced. */
const anyToken = fc
  .record({ content: anyContent, bucket: anyText, key: anyText, at: fc.nat(), by: fc.nat({ max: 62 }) })
  .map(({ content, bucket, key, at, by }) => {
    const encoded = encodeContext(content, bucket, key);
    if (encoded.type === "fail") throw new Error(encoded.reason);
    return { ...encoded, content, bucket, key, at: at % encoded.token.length, by };
  });

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

describe("a context token", () => {
  it("gives back what it was made of", () => {
    fc.assert(
      fc.property(anyToken, ({ token, content, bucket, key }) => {
        expect(decodeContext(token, bucket, key)).toEqual({ type: "ok", ...content });
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("is refused when any one character is another", () => {
    fc.assert(
      fc.property(anyToken, ({ token, bucket, key, at, by }) => {
        const others = digits.replace(token.charAt(at), "");
        const mutated = token.slice(0, at) + others.charAt(by) + token.slice(at + 1);

        expect(decodeContext(mutated, bucket, key)).toMatchObject({ type: "fail" });
      }),
      { numRuns: numRuns(1000) },
    );
  });

  it("is refused when it is cut short or goes on", () => {
    fc.assert(
      fc.property(anyToken, fc.nat(), ({ token, bucket, key }, length) => {
        expect(decodeContext(token.slice(0, length % token.length), bucket, key)).toMatchObject({
          type: "fail",
        });
        expect(decodeContext(`${token}AAAA`, bucket, key)).toMatchObject({ type: "fail" });
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("is none of any texts made up", () => {
    fc.assert(
      fc.property(fc.oneof(fc.base64String(), fc.string(), anyText), (text) => {
        expect(decodeContext(text, "carts", "k")).toMatchObject({ type: "fail" });
      }),
      { numRuns: numRuns(500) },
    );
  });
});
