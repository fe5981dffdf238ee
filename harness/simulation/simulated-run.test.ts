import { beforeAll, describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { membersAtEnd } from "../../checkers/history/members-at-end.ts";
import { cleanPlan } from "./clean-plan.ts";
import { judgedEvents, judgedRun } from "./judged-run.ts";
import type { SimulatedPlan } from "./simulated-plan.ts";
import { simulatedRun } from "./simulated-run.ts";

const killPlan = { rate: 30, windows: [[{ kind: "kill", nodes: 1 }]] } as const;

describe("a simulated run", () => {
  let events: readonly HistoryEvent[];
  beforeAll(async () => {
    events = await simulatedRun(killPlan, 7);
  });

  it("is a function of plan and seed, to the last event", async () => {
    expect(await simulatedRun(killPlan, 7)).toEqual(events);
  });

  it("settles, then dumps, and only then reads every key through every node", () => {
    const at = (wanted: (event: HistoryEvent) => boolean): number => events.findIndex(wanted);
    const firstCalm = at(({ type }) => type === "calm");
    const firstDump = at(({ type }) => type === "dump");
    const firstFinal = at((event) => event.type === "invoke" && event.final === true);
    const keys = new Set(events.flatMap((event) => (event.type === "invoke" ? [event.key] : [])));
    const finals = events.filter((event) => event.type === "invoke" && event.final === true);

    expect([firstCalm, firstDump, firstFinal].every((index) => index > 0)).toBe(true);
    expect([firstCalm, firstDump, firstFinal].toSorted((a, b) => a - b)).toEqual([
      firstCalm,
      firstDump,
      firstFinal,
    ]);
    expect(finals).toHaveLength(keys.size * 5);
  });

  it("tells each fault from its beginning to its end", () => {
    const stages = events.flatMap((event) =>
      event.type === "fault" ? [`${event.kind} ${event.stage}`] : [],
    );

    expect(stages).toEqual(["kill active", "kill healed"]);
  });
});

describe("a simulated run in which", () => {
  it.each<[string, SimulatedPlan, readonly string[]]>([
    [
      "a node joins and another one leaves",
      { spares: 1, windows: [[{ kind: "join", nodes: 1 }], [{ kind: "leave", nodes: 1 }]] },
      ["join", "leave"],
    ],
    ["a dead node is removed", { windows: [[{ kind: "leave", nodes: 1, isDead: true }]] }, ["leave"]],
    [
      "a disk is put back from a backup",
      { windows: [[{ kind: "restore-backup", nodes: 1 }]] },
      ["restore-backup"],
    ],
    ["two groups begin apart", { nodes: 6, groups: [3, 3], windows: [[]] }, []],
  ])("%s passes, and is judged by the members at its end", async (_, changes, kinds) => {
    const slow: SimulatedPlan = { rate: 20, ...changes };
    const history = await simulatedRun(slow, 5);
    const active = history.flatMap((event) =>
      event.type === "fault" && event.stage === "active" ? [event.kind] : [],
    );
    const dumped = new Set(history.flatMap((event) => (event.type === "dump" ? [event.node] : [])));
    const { verdict, said } = judgedEvents(slow, 5, history);

    expect(active).toEqual(kinds);
    expect([...dumped].toSorted()).toEqual(membersAtEnd(historyOf(history)).toSorted());
    expect({ verdict, said }).toEqual({ verdict: "passed", said: "" });
  });
});

describe("a wiped node that is cut off", () => {
  it("is replaced once the links are mended, and comes to rest with the others", async () => {
    const isolated = { kind: "partition", shape: "isolate-one" } as const;
    const windows = [[{ kind: "wipe", nodes: 1 } as const, isolated]];

    const { verdict, said } = await judgedRun({ rate: 24, bucket: { w: 2, r: 2 }, windows }, 524);

    expect({ verdict, said }).toEqual({ verdict: "passed", said: "" });
  }, 120_000);
});

/** TIPCART_SEED=7 runs that seed alone; TIPCART_DEEP=1 runs 3,000. */
const seeds =
  process.env["TIPCART_SEED"] === undefined
    ? Array.from({ length: process.env["TIPCART_DEEP"] === undefined ? 12 : 3_000 }, (_, index) => index + 1)
    : [Number(process.env["TIPCART_SEED"])];

describe("whatever breaks, the real server's history passes every checker", () => {
  it.each(seeds)("seed %i", async (seed) => {
    const { verdict, said, acknowledgedCount } = await judgedRun(cleanPlan(seed), seed);

    expect({ verdict, said }).toEqual({ verdict: "passed", said: "" });
    // Fewer would prove nothing.
    expect(acknowledgedCount).toBeGreaterThan(50);
  });
});
