import { describe, expect, test } from "vitest";
import { ackedWrites } from "./acked-writes.ts";
import { historyOf } from "./history/history.ts";
import { parseNotation } from "./history/notation.ts";
import { judge } from "./judge.ts";
import { keysToTell, withSmallestParts } from "./smallest-part.ts";

const eventsIn = (text: string) => {
  const notated = parseNotation(text);
  if (notated.type !== "ok") throw new Error("The notation is wrong.");
  return notated.events;
};
const noise = `
  p1 put cart/a 1.1 [] @0..10 -> ok n1,n2
  p2 put cart/b 2.1 [] @5..15 -> ok n2,n3
  p1 get cart/a @20..30 -> 1.1
  p2 get cart/a @40..50 -> 1.1`;
const told = (text: string) => {
  const events = eventsIn(text);
  const judgement = judge(historyOf(events), [ackedWrites]);
  return { keys: keysToTell(judgement), ...withSmallestParts(judgement, events, [ackedWrites]) };
};

describe("the smallest part of a run", () => {
  test("stands beside the first anomaly, in sentences", () => {
    const { keys, verdicts } = told(`${noise}\np3 put cart/a 3.1 [1.1] @60..70 -> ok n1,n3
      final n1 cart/a -> 1.1
      final n2 cart/a -> 1.1
      final n1 cart/b -> 2.1`);

    const [anomaly] = verdicts[0]?.anomalies ?? [];
    expect([...keys]).toEqual(["cart/a"]);
    expect(anomaly?.smallest).toMatchObject({ requestCount: 2, requestCountBefore: 6, isMinimal: true });
    expect(anomaly?.smallest?.story).toEqual([
      expect.stringMatching(/p3 wrote cart\/a as 3\.1.*acknowledged/),
      expect.stringMatching(/the final read through n\d read cart\/a: it returned/),
    ]);
  });

  test("is looked for only where a promise is broken", () => {
    const { keys, verdicts } = told(`${noise}\nfinal all cart/a -> 1.1\nfinal all cart/b -> 2.1`);

    expect(keys.size).toBe(0);
    expect(verdicts[0]).toMatchObject({ type: "passed", anomalies: [] });
  });
});
