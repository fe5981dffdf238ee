import { describe, expect, test } from "vitest";
import { historyIn } from "./history/notated.fixture.ts";
import { registers } from "./registers.ts";

const check = (text: string) => registers.check(historyIn(text));

const writes = `
  p1 put r 1.1 [] @0..10 -> ok n1
  p1 put r 1.2 [1.1] @20..40 -> ok n1`;

describe("registers", () => {
  test("are regular when a read returns the last value, or one that is being written", () => {
    const verdict = check(`run strict
      ${writes}
      p2 get r @12..13 -> 1.1
      p2 get r @25..26 -> 1.2
      p3 get r @30..31 -> 1.1
      p2 get r @45..46 -> 1.2`);

    expect(verdict).toMatchObject({ type: "passed", summary: "6 operations on 1 registers are regular." });
  });

  test("are not when a read returns what had been overwritten, and the requests are named", () => {
    const verdict = check(`run strict\n${writes}\np2 get r @50..51 -> 1.1`);

    expect(verdict).toMatchObject({ type: "violated", violations: { regular: 1 } });
    expect(verdict.expected).toBeUndefined();
    expect(verdict.anomalies[0]).toMatchObject({ type: "stale-read", requests: expect.arrayContaining([3]) });
    expect(verdict.anomalies[0]?.story.join(" ")).toContain("(request 3)");
  });

  test("take the newest of several versions, by the order of their writes", () => {
    expect(check(`run strict\n${writes}\np2 get r @50..51 -> 1.1,1.2`).type).toBe("passed");
  });

  test("are broken as expected by quorums that need not meet", () => {
    const verdict = check(`run strict r=1 w=1\n${writes}\np2 get r @50..51 -> 1.1`);

    expect(verdict).toMatchObject({ type: "violated", expected: true });
  });

  test("may lose a write of unknown outcome, and show it late", () => {
    const unknown = "p1 put r 1.1 [] @0..10 -> ok n1\np1 put r 1.2 [1.1] @20..40 -> info timeout";

    expect(check(`run strict\n${unknown}\np2 get r @50..51 -> 1.1\np2 get r @60..61 -> 1.2`).type).toBe(
      "passed",
    );
  });
});
