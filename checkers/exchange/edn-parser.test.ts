import { describe, expect, it } from "vitest";
import { ednText } from "./datum.ts";
import { parseEdn } from "./edn-parser.ts";

const datum = (text: string) => {
  const parsed = parseEdn(text);
  return parsed.type === "form" ? parsed.datum : parsed.reason;
};

describe("EDN", () => {
  it.each([
    ["nil", null],
    ["true", true],
    ["-12", -12],
    ["+7", 7],
    ["9007199254740993", 9007199254740993n],
    ["12N", 12],
    ["1.5e3", 1500],
    ["2.50M", 2.5],
    ['"a \\"quoted\\" \\u00e9\\n\\101"', 'a "quoted" é\nA'],
    [":a.b/c-d", { kind: "keyword", name: "a.b/c-d" }],
    ["sym*", { kind: "symbol", name: "sym*" }],
    ["22/7", { kind: "symbol", name: "22/7" }],
    ["\\newline", { kind: "character", character: "\n" }],
    ["\\(", { kind: "character", character: "(" }],
    ["(1 2, 3)", [1, 2, 3]],
    ["#{1 2}", { kind: "set", items: [1, 2] }],
    ["{1 nil}", { kind: "map", entries: [[1, null]] }],
    ['#inst "2020"', { kind: "tagged", tag: "inst", value: "2020" }],
    ["[1 #_ [2 3] 4 ; five\n 6]", [1, 4, 6]],
    ["##Inf", Number.POSITIVE_INFINITY],
  ])("reads %s", (text, expected) => {
    expect(datum(text)).toEqual(expected);
  });

  it.each([
    ["[1 2", "the text ends in the middle of a form"],
    ['"abc', "the text ends in the middle of a string"],
    ["{1}", "a map has a key without a value"],
    ["]", "a ] that closes nothing"],
    ["12monkeys", "12monkeys is not a number"],
    ['"\\q"', "unknown escape \\q in a string"],
    ["#_ ".repeat(1000), "data is nested deeper than 64 levels"],
  ])("refuses %s", (text, reason) => {
    expect(datum(text)).toBe(reason);
  });

  it("comes back from its own text", () => {
    const text = '{:a [1 -2.5 12345678901234567890N nil true "x\\ny"], #{1} #tag {"k" \\space}}';

    expect(ednText(datum(ednText(datum(text))))).toBe(ednText(datum(text)));
  });
});
