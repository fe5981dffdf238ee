import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { exercised } from "./exercised.ts";
import { historyIn } from "./history/notated.fixture.ts";

const realRun = readFileSync(new URL("golden/exercised/a-real-run.history", import.meta.url), "utf8").replace(
  /^verdict .*$/gm,
  "",
);
const judged = (text: string) => exercised.check(historyIn(text));

/** The run with every line that matches taken out or changed. */
const changed = (pattern: RegExp, replacement = ""): string => realRun.replace(pattern, replacement);

/** What is said of the run when its fault was a power cut of these nodes. */
const struck = (nodes: string): string =>
  judged(changed(/^fault f1 kill n1 active 200..400/m, `fault f1 power-cut ${nodes} active 200..200.1`))
    .summary;

describe("a run that proves enough", () => {
  test("passes with its numbers", () => {
    expect(judged(realRun)).toMatchObject({
      type: "passed",
      metrics: { missing: 0, faults: 1, siblingReads: 4 },
    });
  });
});

describe("a run is inconclusive, and says just what is missing,", () => {
  test.each([
    ["its end", /^end$/m, "", "The run was cut short."],
    ["siblings", /5\.1,6\.1/g, "6.1", "Only 0 reads returned siblings, where 1 are asked for."],
    [
      "effective removes",
      /^6x\/1 p4 .*$/m,
      "6x/1 p4 put cart/% 4.% [1.%] @600..600.5 -> ok n1",
      "Only 0 removes took something out, where 5 are asked for.",
    ],
    [
      "proof of the fault",
      /active 200..400/,
      "ineffective 200",
      "The fault f1 (kill of n1) was never seen to hold: nothing was seen.",
    ],
    ["the heal", /active 200..400/, "active 200..", "The fault f1 (kill of n1) was not seen to be healed."],
    ["hints stored", /hint-stored:3,/, "", "Homes were unreachable, yet no node counts a hint stored."],
    [
      "hints delivered",
      /,hint-delivered:3/,
      "",
      "Homes were unreachable, yet no node counts a hint delivered.",
    ],
    [
      "one final read",
      /^final all cart\/7 /m,
      "final n1,n2 cart/7 ",
      "1 written keys were not read through every node after the heal.",
    ],
    [
      "load during the fault",
      /active 200..400/,
      "active 1..2",
      "The fault f1 (kill of n1) had only 0 acknowledged requests before it.",
    ],
  ])("without %s", (_, pattern, replacement, sentence) => {
    const verdict = judged(changed(pattern, replacement));

    expect(verdict.type).toBe("inconclusive");
    expect(verdict.summary).toContain(sentence);
  });

  test("without answers during a fault, unless it left nobody to answer", () => {
    expect(struck("n1,n2")).toContain("had only 0 acknowledged requests during it.");
    expect(struck("n1,n2,n3")).not.toContain("during it");
  });

  test("without the dumps of a node", () => {
    const text = realRun.replaceAll(/^dump homes (.*)$/gm, "dump n1 $1\ndump n2 $1");

    expect(judged(text).summary).toMatch(/one thing is missing\. n3 gave no dump\.$/);
  });
});
