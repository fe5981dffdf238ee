import { describe, expect, test } from "vitest";
import { ackedWrites } from "./acked-writes.ts";
import { cartCheckers } from "./cart-checkers.ts";
import { type Checker, inconclusive } from "./checker.ts";
import { exercised } from "./exercised.ts";
import { freshness } from "./freshness.ts";
import { historyIn } from "./history/notated.fixture.ts";
import { judge } from "./judge.ts";
import { phantoms } from "./phantoms.ts";

const good = "p1 put a 1.1 [] -> ok n1\np1 get a -> 1.1\nfinal all a -> 1.1";
const lossy = "p1 put a 1.1 [] -> ok n1\np2 put a 2.1 [] -> ok n1\np1 get a -> 2.1\nfinal all a -> 2.1";

const throwing: Checker = {
  name: "broken",
  properties: ["P99"],
  check: () => {
    throw new Error("index out of range");
  },
};

describe("a judgement", () => {
  test("is passed when all checkers pass", () => {
    expect(judge(historyIn(good), [ackedWrites, phantoms])).toMatchObject({
      schema: 1,
      type: "passed",
      summary: "Passed: all 2 checkers.",
    });
  });

  test("is the worst of its verdicts, and keeps the others", () => {
    const judgement = judge(historyIn(lossy), [phantoms, ackedWrites]);

    expect(judgement.type).toBe("violated");
    expect(judgement.verdicts.map(({ type }) => type)).toEqual(["passed", "violated"]);
    expect(judgement.summary).toBe("Violated: acked-writes: 1 of 2 acknowledged writes lost.");
  });

  test("is not stopped by a checker that throws, which says why", () => {
    const judgement = judge(historyIn(lossy), [throwing, ackedWrites]);

    expect(judgement.type).toBe("violated");
    expect(judgement.verdicts[0]).toEqual(
      inconclusive(throwing, "The checker broken failed: index out of range."),
    );
  });

  test("is inconclusive without any checker", () => {
    expect(judge(historyIn(good), []).type).toBe("inconclusive");
  });

  test("is inconclusive for a history that does not fit together, with the anomalies kept", () => {
    const history = { ...historyIn(lossy), defects: ["Request id 1 is used twice."] };

    const [verdict] = judge(history, [ackedWrites]).verdicts;

    expect(verdict).toMatchObject({ type: "inconclusive", anomalyCount: 1 });
    expect(verdict?.summary).toBe(
      "The history does not fit together: Request id 1 is used twice. It would say: 1 of 2 acknowledged writes lost.",
    );
  });

  test("survives JSON unchanged", () => {
    const judgement = judge(historyIn(lossy), [ackedWrites, phantoms]);

    expect(JSON.parse(JSON.stringify(judgement))).toEqual(judgement);
  });
});

describe("a run that expects a property to be broken", () => {
  test("passes when just that is broken", () => {
    const [verdict] = judge(historyIn(`run expect=P1\n${lossy}`), [ackedWrites]).verdicts;

    expect(verdict).toMatchObject({ type: "passed", expected: true, anomalyCount: 1 });
  });

  test("is inconclusive when it is not", () => {
    const [verdict] = judge(historyIn(`run expect=P1\n${good}`), [ackedWrites]).verdicts;

    expect(verdict?.type).toBe("inconclusive");
    expect(verdict?.summary).toMatch(/^This run expects P1 to be broken, and it was not/);
  });

  test("is not excused for anything else", () => {
    const judgement = judge(historyIn(`run expect=P3\n${lossy}`), [ackedWrites]);

    expect(judgement.type).toBe("violated");
  });
});

describe("the configuration", () => {
  test("labels a loss that it is known for, which stays a violation", () => {
    const [verdict] = judge(historyIn(`run versions=vv-max\n${lossy}`), [ackedWrites]).verdicts;

    expect(verdict).toMatchObject({ type: "violated", expected: true });
    expect(verdict?.summary).toContain("Expected of this configuration (plain version vectors");
  });

  test("makes a stale read a violation where the quorum is strict and a figure where it is sloppy", () => {
    const stale = "p1 put a 1.1 [] -> ok n1\np2 get a -> none";

    expect(judge(historyIn(`run strict\n${stale}`), [freshness]).type).toBe("violated");
    expect(judge(historyIn(`run\n${stale}`), [freshness])).toMatchObject({
      type: "passed",
      verdicts: [{ anomalyCount: 1, metrics: { stale: 1 } }],
    });
  });
});

describe("an empty history", () => {
  test.each(cartCheckers)("is passed by nobody: $name", (checker) => {
    for (const text of ["run", "run strict\nfault f1 kill n1 active 1..2\ncalm all\nload 1000\nend"]) {
      expect(checker.check(historyIn(text))).toMatchObject({ type: "inconclusive", anomalyCount: 0 });
    }
  });
});

describe("what a configuration is bound to show", () => {
  const fault = "run versions=vv-max nodes=n1\nfault f1 kill n1 active 1..2";
  const said = (text: string): string | undefined =>
    judge(historyIn(`${fault}\n${text}`), [ackedWrites, exercised]).verdicts.at(-1)?.summary;

  test("and never did is a suspicion, told beside the verdict on the run itself", () => {
    expect(said(good)).toMatch(
      / Suspicious: P1 is bound to be broken now and then \(plain version vectors: .*\)/,
    );
  });

  test("and did is none", () => {
    expect(said(lossy)).not.toContain("Suspicious");
  });
});

test("how many versions reads are behind is measured", () => {
  const text = `run strict
p1 put a 1.1 [] -> ok n1
p1 put a 1.2 [1.1] -> ok n1
p1 put a 1.3 [1.2] -> ok n1
p2 get a -> 1.3
p2 get a -> 1.2
p2 get a -> none`;

  expect(freshness.check(historyIn(text)).metrics).toMatchObject({
    "missed versions: 1": 1 / 3,
    "missed versions: 2 to 3": 1 / 3,
  });
});
