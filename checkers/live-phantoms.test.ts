import { describe, expect, test } from "vitest";
import { parseNotation } from "./history/notation.ts";
import { LivePhantoms, warningsMax } from "./live-phantoms.ts";

const warningsIn = (text: string, writesMax?: number): readonly string[] => {
  const notated = parseNotation(text);
  const warnings: string[] = [];
  const witness = new LivePhantoms((sentence) => warnings.push(sentence), writesMax);
  if (notated.type === "ok") for (const event of notated.events) witness.add(event);
  return warnings;
};

const right = `
  p1 put cart/a 1.1 [] +apple -> ok n1
  p1 put cart/a 1.2 [1.1] +pear -> info timeout
  p1 delete cart/b 1.3 [] -> ok n1
  p2 get cart/a -> 1.2
  p2 get cart/b -> none,deleted:1.3
`;

describe("while a run goes on", () => {
  test("nothing is said of what was written so, there, before, whatever became of it", () => {
    expect(warningsIn(right)).toEqual([]);
  });

  test.each([
    ["p2 get cart/a -> 7.7", "read 7.7 in cart/a, which nobody has written."],
    ["p2 get cart/a -> ?", "read bytes that name no write in cart/a, which nobody has written."],
    ["p2 get cart/a -> 1.1!", "read 1.1 in cart/a, with bytes that are not those written."],
    ["p2 get cart/b -> 1.1", "read 1.1 in cart/b, which was written to cart/a."],
    [
      "p1 put cart/a 1.4 [] +fig -> fail quorum-unmet\np2 get cart/a -> 1.4",
      "read 1.4 in cart/a, which had failed for certain.",
    ],
    ["p2 get cart/a -> none,deleted:9.9", "read 9.9 in cart/a, which nobody has written."],
    ["p2 get cart/a -> none,deleted:1.1", "read 1.1 in cart/a, as deleted, though that write was a put."],
  ])("a warning is given at once: %s", (line, warning) => {
    expect(warningsIn(`${right}\n${line}`)).toEqual([expect.stringContaining(warning)]);
  });

  test("warnings are few, and a run of too many writes is left to its verdict", () => {
    expect(warningsIn(`${right}\n20x/1 p2 get cart/a @100..100.5 -> ?`)).toHaveLength(warningsMax);
    expect(warningsIn(`${right}\np2 get cart/a -> 7.7`, 2)).toEqual([
      expect.stringContaining("more writes than are watched"),
    ]);
  });
});
