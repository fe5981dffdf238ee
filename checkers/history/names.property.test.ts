import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Names } from "./names.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 });

describe("names", () => {
  test("get numbers in order of first use, the same whether as text or as bytes, and give the text back", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.boolean()), { maxLength: 400 }), (uses) => {
        const names = new Names();
        const expected: string[] = [];
        for (const [name, isBytes] of uses) {
          if (!expected.includes(name)) expected.push(name);
          const bytes = new TextEncoder().encode(`<${name}>`);

          const number = isBytes ? names.numberOfBytes(bytes, 1, bytes.length - 1) : names.number(name);

          expect(number).toBe(expected.indexOf(name));
          expect(names.find(name)).toBe(number);
        }
        expect(names.count).toBe(expected.length);
        expect(names.names()).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test("keep thousands apart, also when they are long", () => {
    const names = new Names();
    const many = Array.from({ length: 5000 }, (_, index) => `${"x".repeat(index % 900)}${index}`);

    const numbers = many.map((name) => names.number(name));

    expect(numbers).toEqual(many.map((_, index) => index));
    expect(many.every((name, index) => names.find(name) === index && names.name(index) === name)).toBe(true);
    expect(names.find("nobody")).toBe(-1);
    expect(() => names.name(5000)).toThrow("no name has the number 5000");
  });
});
