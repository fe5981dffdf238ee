import { describe, expect, it } from "vitest";
import type {
  Completion,
  FaultEvent,
  HistoryEvent,
  Invocation,
  Phase,
  RunStarted,
} from "../checkers/history/event.ts";
import { historyOf } from "../checkers/history/history.ts";
import { stagedRun } from "./fixture/staged-run.ts";
import { recordOfRun } from "./record-of-run.ts";
import { figuresOfRun } from "./report/figures-of-run.ts";
import type { RunRecord } from "./run-record.ts";

const phase = (name: string, kind: Phase["kind"], from: number, until: number, fault?: string): Phase => ({
  name,
  kind,
  from: from * 1e6,
  until: until * 1e6,
  ...(fault === undefined ? {} : { fault }),
});

const run: RunStarted = {
  type: "run",
  schema: 1,
  name: "small",
  seed: 3,
  startedWallMs: 0,
  workload: "shopping-cart",
  nodes: ["n1", "n2"],
  promises: { n: 2, r: 1, w: 1, pr: 0, pw: 0, sloppy: true, versions: "dvv", codec: "tagged" },
  phases: [
    phase("warm-up", "warm-up", 0, 2),
    phase("steady", "steady", 2, 12),
    phase("1 kill", "fault", 12, 15, "1 kill"),
    phase("after 1 kill", "recovery", 15, 22, "1 kill"),
  ],
  objectives: [{ operation: "get", quantile: 0.9, limitMs: 100, phase: "steady", hard: true }],
  expect: [],
};

let nextId = 0;

/** A get that is due at a second, sent `lagMs` later, and answered `tookMs` after it was due. */
const get = (
  dueS: number,
  tookMs: number,
  { lagMs = 0, outcome = "ok" as "ok" | "fail" | "info" | "open", final = false } = {},
): readonly (Invocation | Completion)[] => {
  nextId += 1;
  const due = Math.round(dueS * 1e6);
  const invocation: Invocation = {
    type: "invoke",
    id: nextId,
    process: nextId,
    session: "s",
    operation: `${nextId}.1`,
    kind: "get",
    key: "k",
    intended: due,
    at: due + lagMs * 1_000,
    entry: nextId % 2 === 0 ? "n1" : "n2",
    final,
  };
  const end = { id: nextId, at: due + tookMs * 1_000, attempts: [] };
  if (outcome === "open") return [invocation];
  return [
    invocation,
    outcome === "ok"
      ? { ...end, type: "ok", observed: [], tombstones: [] }
      : { ...end, type: outcome, error: "timeout" },
  ];
};

const fault = (stage: FaultEvent["stage"], atS: number, evidence = ""): FaultEvent => ({
  type: "fault",
  id: "1 kill",
  kind: "kill",
  stage,
  nodes: ["n2"],
  backend: "SIGKILL",
  evidence,
  at: atS * 1e6,
});

const recorded = (events: readonly HistoryEvent[]): RunRecord =>
  recordOfRun({
    history: historyOf([run, ...events]),
    judgement: { schema: 1, type: "passed", summary: "", verdicts: [], defects: [] },
    service: [],
    environment: stagedRun({ rate: 5 }).record.environment,
  });

const everySecond = (from: number, until: number, tookMs: number): readonly HistoryEvent[] =>
  Array.from({ length: (until - from) * 10 }, (_, index) => get(from + index / 10, tookMs)).flat();

/** What a run says of its load whose loop once stood still for so long. */
const stalledFor = (loopStallUsMax: number): readonly string[] | undefined =>
  recorded([
    ...everySecond(2, 12, 5),
    { type: "load", at: 14e6, lagUsMax: 0, loopStallUsMax, inFlight: 1, dropped: 0 },
  ]).generator.doubts;

describe("the counts of a record", () => {
  it("hold every request of the load once, by how it ended, and no final read", () => {
    const { counts } = recorded([
      ...get(3, 5),
      ...get(4, 5, { outcome: "fail" }),
      ...get(5, 5, { outcome: "info" }),
      ...get(6, 5, { outcome: "open" }),
      ...get(20, 5, { final: true }),
      { type: "load", at: 7e6, lagUsMax: 0, loopStallUsMax: 9_000, inFlight: 12, dropped: 2 },
    ]);

    expect(counts).toEqual({
      requestCount: 6,
      okCount: 1,
      failCount: 1,
      infoCount: 2,
      droppedCount: 2,
      acknowledgedReadCount: 1,
      acknowledgedWriteCount: 0,
    });
  });

  it("say how late the load itself was", () => {
    const { generator } = recorded([
      ...everySecond(2, 12, 5),
      ...get(13, 30, { lagMs: 25 }),
      { type: "load", at: 14e6, lagUsMax: 25_000, loopStallUsMax: 9_000, inFlight: 12, dropped: 0 },
    ]);

    expect(generator).toMatchObject({
      lagMsP50: 0,
      lagMsP999: null,
      lagMsMax: 25,
      loopStallMsMax: 9,
      inFlightMax: 12,
    });
    expect(generator.achievedRate).toBeCloseTo(101 / 20, 6);
  });

  it("say why the load cannot be believed, and that nothing speaks against it", () => {
    expect(stalledFor(90_000)).toEqual(["it stalled for 90 ms"]);
    expect(stalledFor(9_000)).toEqual([]);
  });

  it("say how the run ended", () => {
    expect(recorded([]).ending).toBe("cut-short");
    expect(recorded([{ type: "end", at: 5e6, reason: "interrupted", note: "Ctrl-C" }])).toMatchObject({
      ending: "interrupted",
      endingNote: "Ctrl-C",
      durationMs: 5_000,
    });
  });
});

describe("a fault", () => {
  it.each([
    [
      "proved",
      [fault("injecting", 12), fault("active", 12.1, "state Z"), fault("healed", 15.1)],
      12.1e6,
      15.1e6,
    ],
    ["proved", [fault("injecting", 12), fault("active", 12.1, "state Z")], 12.1e6, null],
    ["ineffective", [fault("injecting", 12), fault("ineffective", 12.5, "state S")], null, null],
    ["skipped", [fault("skipped", 12, "no backend")], null, null],
    ["unfinished", [fault("injecting", 12)], null, null],
  ] as const)("is %s by its events", (state, events, activeAt, healedAt) => {
    expect(recorded(events).faults).toMatchObject([{ id: "1 kill", state, activeAt, healedAt }]);
  });
});

describe("what a fault cost", () => {
  const events = [fault("injecting", 12), fault("active", 12.2, "state Z"), fault("healed", 15)];

  it("compares the steady seconds before with the interval in which it held and what followed", () => {
    const [effect] = recorded([
      ...everySecond(0, 2, 900),
      ...everySecond(2, 12, 5),
      ...everySecond(12, 15, 150),
      ...everySecond(15, 17, 120),
      ...everySecond(17, 22, 6),
      ...events,
    ]).faultEffects;

    expect(effect?.before).toMatchObject({ p50: 5, max: 5 });
    expect(effect?.during).toMatchObject({ p50: 150, max: 150 });
    expect(effect?.after).toMatchObject({ p50: 6, max: 120 });
    expect(effect).toMatchObject({ firstBadMs: 0, recoveryMs: 2_000, badCount: 50 });
    // 50 of 100 requests were bad where the strictest quantile of the run allows one in ten.
    expect(effect?.budgetSpent).toBeCloseTo(5, 6);
  });

  it("was nothing when every second stayed good", () => {
    const [effect] = recorded([...everySecond(2, 22, 5), ...events]).faultEffects;

    expect(effect).toMatchObject({ firstBadMs: null, recoveryMs: 0, badCount: 0, budgetSpent: 0 });
  });

  it("was not over in its window when no three seconds in a row were good", () => {
    const [effect] = recorded([
      ...everySecond(2, 12, 5),
      ...everySecond(12, 22, 500),
      ...events,
    ]).faultEffects;

    expect(effect?.recoveryMs).toBeNull();
  });

  it("counts what was dropped unsent", () => {
    const dropped = {
      type: "load",
      at: 13.5e6,
      lagUsMax: 0,
      loopStallUsMax: 0,
      inFlight: 0,
      dropped: 7,
    } as const;
    const [effect] = recorded([...everySecond(2, 22, 5), dropped, ...events]).faultEffects;

    expect(effect).toMatchObject({ firstBadMs: 1_000, badCount: 7 });
  });
});

describe("the figures of a run", () => {
  const events = [
    ...get(0.5, 5),
    ...get(1.999, 102, { lagMs: 3 }),
    ...get(1.4, 5, { outcome: "fail" }),
    ...get(21, 5, { final: true }),
  ];
  const history = historyOf([
    run,
    ...events,
    { type: "load", at: 2e6, lagUsMax: 0, loopStallUsMax: 4_000, inFlight: 1, dropped: 6 },
  ]);
  const figures = figuresOfRun(history, recorded(events));

  it("charge each request to the second in which it was due", () => {
    expect(figures.intervals).toHaveLength(22);
    expect(figures.intervals[1]).toMatchObject({
      from: 1e6,
      until: 2e6,
      okCount: 1,
      slowCount: 1,
      failCount: 1,
      droppedCount: 6,
      max: 102,
      lagMsMax: 3,
      loopStallMsMax: 4,
      p50: null,
    });
  });

  it("count every acknowledged request in one cell of the heat map, within its range", () => {
    const { edgesMs, columns } = figures.heat;
    const row = columns[1]?.findIndex((cell) => cell > 0) ?? -1;

    expect(columns.flat().reduce((sum, cell) => sum + cell, 0)).toBe(2);
    expect(edgesMs[row]).toBeLessThanOrEqual(102);
    expect(edgesMs[row + 1]).toBeGreaterThan(102);
  });

  it("keep the requests of each entry node apart", () => {
    expect(
      figures.nodes.map(({ node, okCount, badCount }) => [node, okCount + badCount]).toSorted(),
    ).toHaveLength(2);
    expect(figures.nodes.reduce((sum, node) => sum + node.okCount, 0)).toBe(2);
    for (const { okCount, badCount, operations } of figures.nodes) {
      expect(operations.reduce((sum, one) => sum + one.okCount, 0)).toBe(okCount);
      expect(operations.reduce((sum, one) => sum + one.badCount, 0)).toBe(badCount);
    }
  });

  it("stay few however long the run is", () => {
    const long = { ...run, phases: [phase("steady", "steady", 0, 7_200)] };
    const { intervals } = figuresOfRun(historyOf([long, ...events]), recorded(events));

    expect(intervals).toHaveLength(360);
    expect(intervals[0]).toMatchObject({ until: 20e6, okCount: 2 });
  });
});
