import fc from "fast-check";
import { expect, test } from "vitest";
import { parseItem, parseQuery } from "./target.ts";

const query = { w: { min: 0, max: 9 }, force: "flag", after: "text" } as const;

test("the key is all that follows the bucket, slashes and all", () => {
  expect(parseItem("/v1/carts/a/b//c/../d?w=1", "/v1/")).toEqual({
    type: "ok",
    value: { bucket: "carts", key: "a/b//c/../d" },
  });
});

test("buckets and keys are percent-encoded UTF-8, and raw bytes of UTF-8 are taken as well", () => {
  const encoded = parseItem("/v1/b%2Fc/%F0%9F%9B%92%00%3F", "/v1/");
  const raw = parseItem(`/v1/b%2Fc/${Buffer.from("🛒").toString("latin1")}%00%3F`, "/v1/");

  expect(encoded).toEqual({ type: "ok", value: { bucket: "b/c", key: "🛒\u0000?" } });
  expect(raw).toEqual(encoded);
});

test.each([
  ["/v1/b", "A key is named as /v1/{bucket}/{key}."],
  ["/v1//k", "The bucket is empty."],
  ["/v1/b/", "The key is empty."],
  ["/v1/b/%zz", "The key is not percent-encoded UTF-8."],
  ["/v1/b/%ff", "The key is not percent-encoded UTF-8."],
  ["/v1/b/%ed%a0%80", "The key is not percent-encoded UTF-8."],
  ["/v1/%c0%80/k", "The bucket is not percent-encoded UTF-8."],
])("%s is refused with a sentence", (target, detail) => {
  expect(parseItem(target, "/v1/")).toEqual({ type: "bad", detail });
});

test("whatever text a client encodes comes out again", () => {
  const text = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });

  fc.assert(
    fc.property(text, text, (bucket, key) => {
      const target = `/v1/${encodeURIComponent(bucket)}/${encodeURIComponent(key)}?w=1`;

      expect(parseItem(target, "/v1/")).toEqual({ type: "ok", value: { bucket, key } });
    }),
    { numRuns: 200 },
  );
});

test("a query gives its numbers, texts and flags", () => {
  expect(parseQuery("/v1/b/k?w=2&force&after=a%26b", query)).toEqual({
    type: "ok",
    value: { numbers: new Map([["w", 2]]), texts: new Map([["after", "a&b"]]), flags: new Set(["force"]) },
  });
});

test.each([
  ["?W=2", "The query has an unknown parameter; known are: w, force, after."],
  ["?__proto__=2", "The query has an unknown parameter; known are: w, force, after."],
  ["?w=2&w=3", "The parameter w is given twice."],
  ["?w=10", "The parameter w must be a whole number from 0 to 9."],
  ["?w=-1", "The parameter w must be a whole number from 0 to 9."],
  ["?w=1.5", "The parameter w must be a whole number from 0 to 9."],
  ["?w=", "The parameter w must be a whole number from 0 to 9."],
  ["?w=%F0%9F%9B%92", "The parameter w must be a whole number from 0 to 9."],
])("the query %s is refused with a sentence", (target, detail) => {
  expect(parseQuery(target, query)).toEqual({ type: "bad", detail });
});
