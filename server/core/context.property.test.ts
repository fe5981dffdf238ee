import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { mergeContexts } from "./causal-context.ts";
import { type ContextContent, decodeContext, encodeContext } from "./context.ts";
import { anyDot, anyText, anyVector, numRuns } from "./state-fixture.ts";
import { emptyContext } from "./versions.ts";

const anyContent: fc.Arbitrary<ContextContent> = fc.record({
  context: fc
    .record({ vector: anyVector, cloud: fc.array(anyDot, { maxLength: 4 }) })
    .map((context) => mergeContexts(context, emptyContext)),
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
  test.prop([anyToken], { numRuns: numRuns(300) })(
    "gives back what it was made of",
    ({ token, content, bucket, key }) => {
      expect(decodeContext(token, bucket, key)).toEqual({ type: "ok", ...content });
    },
  );

  test.prop([anyToken], { numRuns: numRuns(1000) })(
    "is refused when any one character is another",
    ({ token, bucket, key, at, by }) => {
      const others = digits.replace(token.charAt(at), "");
      const mutated = token.slice(0, at) + others.charAt(by) + token.slice(at + 1);

      expect(decodeContext(mutated, bucket, key)).toMatchObject({ type: "fail" });
    },
  );

  test.prop([anyToken, fc.nat()], { numRuns: numRuns(300) })(
    "is refused when it is cut short or goes on",
    ({ token, bucket, key }, length) => {
      expect(decodeContext(token.slice(0, length % token.length), bucket, key)).toMatchObject({
        type: "fail",
      });
      expect(decodeContext(`${token}AAAA`, bucket, key)).toMatchObject({ type: "fail" });
    },
  );

  test.prop([fc.oneof(fc.base64String(), fc.string(), anyText)], { numRuns: numRuns(500) })(
    "is none of any texts made up",
    (text) => {
      expect(decodeContext(text, "carts", "k")).toMatchObject({ type: "fail" });
    },
  );
});
