import { describe, expect, test } from "vitest";
import { ackedWrites } from "../acked-writes.ts";
import type { FaultEvent } from "../history/event.ts";
import { historyOf } from "../history/history.ts";
import type { LateCopy } from "../history/late-copy.ts";
import { eventsIn } from "../history/notated.fixture.ts";
import { siblings } from "../siblings.ts";
import { faultSentences, faultsBetween } from "./story.ts";

const loss = eventsIn("p1 put cart/a 1.1 [] +apple @1..2 -> ok n1,n2\nfinal all cart/a -> none\nend");

/** A wiped disk of n1, whose stages come every ten milliseconds from 100 ms on. */
const wipe = (...stages: readonly (readonly [FaultEvent["stage"], string])[]): readonly FaultEvent[] =>
  stages.map(([stage, evidence], index) => ({
    type: "fault",
    id: "3 disk",
    kind: "disk",
    harm: "wipe",
    stage,
    nodes: ["n1"],
    backend: "files of a killed node",
    evidence,
    at: (100 + index * 10) * 1000,
  }));

const late = wipe(
  ["injecting", "disk wiped of n1"],
  ["ineffective", "It took effect only after its end: n1: of 5 files 5 gone."],
  ["healing", "whatever is left of it"],
  ["healed", "n1 serves"],
);

describe("the story of a loss", () => {
  test("names the fault that took effect too late, with what was seen of it", () => {
    const [lost] = ackedWrites.check(historyOf([...loss, ...late])).anomalies;

    expect(lost?.story).toContain(
      "Not proved, and perhaps done all the same: disk (wipe) of n1 (3 disk, begun at 0.100 s: It took effect only after its end: n1: of 5 files 5 gone).",
    );
  });

  test("names a fault that was proved by the interval in which it held, and what it took", () => {
    const proved = wipe(["injecting", ""], ["active", "5 files gone"], ["healing", ""], ["healed", ""]);

    expect(faultsBetween(historyOf([...loss, ...proved]), 0, 1_000_000)).toEqual([
      "Between then and the end: disk (wipe) of n1 (3 disk, 0.110 s to 0.130 s).",
    ]);
  });
});

describe("a late copy of a write", () => {
  const events = eventsIn(`
    p1 put cart/a 1.1 [] +apple @1..2 -> ok n1,n2
    p1 put cart/a 1.2 [1.1] -apple @3..4 -> ok n1,n2
    p2 get cart/a @1400..1401 -> 1.1,1.2`);
  const copy: LateCopy = {
    type: "late-copy",
    id: 1,
    at: 1_300_000,
    attempt: { node: "n3", from: 1_250_000, until: 1_300_000, outcome: "ok" },
  };

  test("that the store takes for a new write makes a false sibling, whose story names it", () => {
    const history = historyOf([...events, copy]);

    const [beside] = siblings.check(history).anomalies;

    expect(history.defects).toEqual([]);
    expect(beside?.type).toBe("false-sibling");
    expect(beside?.story[0]).toMatch(
      /^At 0\.001 s p1 wrote cart\/a as 1\.1 .* Copies of it came late: at 1\.250 s through n3 \(ok\)\.$/,
    );
  });
});

describe("a fault that was not proved", () => {
  test("is named of its own time only", () => {
    const history = historyOf([...loss, ...late]);

    const told = [
      [0, 99_999],
      [120_000, 125_000],
      [130_001, 200_000],
    ].map(([from = 0, until = 0]) => faultSentences(history, from, until).length);

    expect(told).toEqual([0, 1, 0]);
  });

  test("is not named where it cannot have done anything: skipped, or nobody was hit", () => {
    const skipped = wipe(["skipped", "this cluster cannot do: kill"]);
    const nobody = late.map((event) => ({ ...event, nodes: [] }));

    expect(faultsBetween(historyOf([...loss, ...skipped]), 0, 1_000_000)).toEqual([]);
    expect(faultsBetween(historyOf([...loss, ...nobody]), 0, 1_000_000)).toEqual([]);
  });
});
