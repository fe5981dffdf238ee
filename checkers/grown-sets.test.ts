import { describe, expect, test } from "vitest";
import { grownSets } from "./grown-sets.ts";
import { historyIn } from "./history/notated.fixture.ts";

const check = (text: string) => grownSets.check(historyIn(text));

const adds = `
  p1 put s 1.1 [] +a @0..10 -> ok n1
  p1 put s 1.2 [1.1] +b @20..30 -> ok n1`;

describe("grown sets", () => {
  test("keep what they were given", () => {
    expect(check(`${adds}\np2 get s @40..41 -> 1.2\nfinal all s @90..91 -> 1.2`)).toMatchObject({
      type: "passed",
      metrics: { sets: 1, elements: 2, lost: 0, stale: 0 },
    });
  });

  test("lose an element when no final read shows it any more, each in its own set", () => {
    const verdict = check(
      `${adds}
      p1 put t 1.3 [] +c @50..51 -> ok n1
      final all s @90..91 -> 1.1
      final all t @95..96 -> 1.3`,
    );

    expect(verdict).toMatchObject({ type: "violated", violations: { P2: 1 }, metrics: { sets: 2, lost: 1 } });
    expect(verdict.anomalies).toMatchObject([{ type: "lost-element", key: "s" }]);
  });

  test("count what was missing for a while", () => {
    expect(check(`${adds}\np2 get s @40..41 -> 1.1\nfinal all s @90..91 -> 1.2`)).toMatchObject({
      type: "passed",
      metrics: { stale: 1 },
    });
  });

  test("that nobody read in the end are inconclusive, and the verdict says why", () => {
    const { type, summary } = check(`${adds}\np2 get s @40..41 -> 1.1`);

    expect(type).toBe("inconclusive");
    expect(summary).toContain("Of 1 sets nobody can tell");
  });
});
