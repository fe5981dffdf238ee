import { describe, expect, test } from "vitest";
import type { HistoryEvent } from "./event.ts";
import { wasActive } from "./faults.ts";
import { historyFromJournal, historyOf } from "./history.ts";
import { encodeEvent } from "./journal.ts";
import type { LateCopy } from "./late-copy.ts";
import { eventsIn, historyIn } from "./notated.fixture.ts";

const copyOf = (id: number, from: number, outcome: "ok" | "unknown" = "ok"): LateCopy => ({
  type: "late-copy",
  id,
  at: from + 100,
  attempt: { node: "n3", from, until: from + 100, outcome },
});

describe("a history", () => {
  test("pairs invocations with completions, and calls one without unknown", () => {
    const { requests } = historyIn(`
      p1 put a 1.1 [] -> ok n1,n4+hint
      p2 put a 2.1 [1.1] -> fail quorum-unmet
      p3 get a`);

    expect(requests.request(0)).toMatchObject({
      id: 1,
      outcome: "ok",
      write: "1.1",
      acknowledged: [
        { node: "n1", role: "home" },
        { node: "n4", role: "fallback" },
      ],
    });
    expect(requests.request(1)).toMatchObject({ outcome: "fail", error: "quorum-unmet" });
    expect(requests.request(2)).toMatchObject({ outcome: "info", done: Infinity, error: "never completed" });
  });

  test("groups rows by key and by process, in order", () => {
    const history = historyIn(`
      p1 put a 1.1 [] -> ok
      p2 get b -> none
      p1 get b -> none
      p2 get a -> 1.1`);

    expect([...history.rowsOfKey(history.keys.find("a"))]).toEqual([0, 3]);
    expect([...history.rowsOfProcess(2)]).toEqual([1, 3]);
    expect([...history.rowsOfProcess(77)]).toEqual([]);
  });

  test("keeps what a write did to the cart", () => {
    const { written, versions } = historyIn(`
      p1 put a 1.1 [] +apple -> ok
      p1 put a 1.2 [1.1] +pear -apple -> ok`);
    const second = versions.find("1.2");

    expect([...written.parents(second)].map((version) => written.name(version))).toEqual(["1.1"]);
    expect([...written.added(second)].map((tag) => written.tags.name(tag))).toEqual(["1.2/pear"]);
    expect([...written.removed(second)].map((tag) => written.tags.name(tag))).toEqual(["1.1/apple"]);
    expect(written.action(second)).toBe("set-quantity");
    expect(written.row(versions.find("9.9"))).toBe(-1);
  });

  test("folds a fault's events into its active interval", () => {
    const [fault] = historyIn("fault f1 kill n1 active 10..20").faults;

    expect(fault).toMatchObject({ activeFrom: 10_000, healedAt: 20_000, evidence: "seen from outside" });
    expect(fault && [wasActive(fault, 0, 9_999), wasActive(fault, 20_000, 30_000)]).toEqual([false, true]);
  });

  test("keeps the late copies of a write, which are neither requests nor versions", async () => {
    const events = [...eventsIn("p1 put a 1.1 [] -> ok n1\np2 get a -> 1.1"), copyOf(1, 9_000)];

    const history = await historyFromJournal(events.map(encodeEvent));

    expect(history.lateCopies).toEqual([copyOf(1, 9_000)]);
    expect([history.requests.count, history.written.count, history.lastAt]).toEqual([2, 1, 9_100]);
    expect(history.defects).toEqual([]);
  });

  test("takes keys such as __proto__ as keys", () => {
    const history = historyIn("p1 put __proto__ 1.1 [] -> ok");

    expect(history.requests.request(0).key).toBe("__proto__");
    expect(history.keys.count).toBe(1);
  });

  test("of a journal is that of its events, and a torn end is no defect", async () => {
    const events = eventsIn("p1 put a 1.1 [] -> ok n1\nend");
    const bytes = events.map(encodeEvent);

    const history = await historyFromJournal([
      ...bytes,
      encodeEvent({ type: "end", at: 1, reason: "failed" }).slice(0, 7),
    ]);

    expect(history.defects).toEqual([]);
    expect(history.tornBytes).toBe(7);
    expect(history.requests.request(0)).toEqual(historyOf(events).requests.request(0));
  });
});

const defectsOf = (...events: readonly (HistoryEvent | undefined)[]): readonly string[] =>
  historyOf(events.filter((event) => event !== undefined)).defects;

describe("a history that does not fit together has a defect, in one sentence,", () => {
  const base = eventsIn("p1 put a 1.1 [] -> ok n1\np2 get a -> 1.1");
  const [run, put, putDone, get, getDone] = base;
  test("when an id is used twice", () => {
    expect(defectsOf(run, put, putDone, put)).toEqual(["Request id 1 is used twice."]);
  });

  test("when ids do not ascend", () => {
    expect(defectsOf(run, get, getDone, put, putDone)[0]).toBe(
      "Request id 1 follows id 2, so ids do not ascend.",
    );
  });

  test("when a completion answers nothing, or answers twice", () => {
    expect(defectsOf(run, getDone)).toEqual(["Request 2 ended without having been sent."]);
    expect(defectsOf(run, put, putDone, putDone)).toEqual(["Request 1 ended twice."]);
  });

  test("when a process does two things at once", () => {
    const both = eventsIn("p1 get a @1..5 -> none\np1 get b @2..3 -> none");

    expect(defectsOf(...both)).toEqual(["Process 1 sent request 2 while its request 1 was open."]);
  });

  test("when time goes backwards", () => {
    const early = { ...putDone, at: 1 } as HistoryEvent;
    const late = { ...get, at: -5_000_000, intended: 0 } as HistoryEvent;

    expect(defectsOf(run, put, early)).toEqual(["Request 1 ended at 1 µs, before it was sent at 1000 µs."]);
    expect(defectsOf(run, put, putDone, late)).toEqual([
      "Time goes backwards at request 2: -5000000 µs after 1500 µs.",
    ]);
  });

  test("when a request is called failed although an attempt of it may have worked", () => {
    const attempts = [{ node: "n1", from: 1, until: 2, outcome: "unknown" }] as const;
    const wrong: HistoryEvent = { type: "fail", id: 1, at: 1500, attempts, error: "timeout" };

    expect(defectsOf(run, put, wrong)[0]).toContain("is called failed, but its attempt at n1 ended unknown");
  });

  test("when two requests name one write", () => {
    const twice = eventsIn("p1 put a 1.1 [] -> ok\np2 put a 1.1 [] -> ok");

    expect(defectsOf(...twice)).toEqual(["Request 2 uses the write id 1.1 of another request."]);
  });

  test("when a late copy repeats no write, or one that has not ended", () => {
    expect(defectsOf(...base, copyOf(2, 9_000))).toEqual([
      "A late copy repeats request 2, which is no write of this history.",
    ]);
    expect(defectsOf(run, put, putDone, copyOf(1, 1_400))).toEqual([
      "A late copy of request 1 was sent at 1400 µs, before the request had ended.",
    ]);
  });

  test("when a write is called failed and was sent again all the same", () => {
    const failed = eventsIn("p1 put a 1.1 [] -> fail quorum-unmet");

    expect(defectsOf(...failed, copyOf(1, 9_000, "unknown"))[0]).toContain("its attempt at n3 ended unknown");
  });

  test("when the journal is damaged in the middle", async () => {
    const bytes = Buffer.concat(base.map(encodeEvent));
    const place = encodeEvent(base[0] as HistoryEvent).length + 20;
    bytes[place] = (bytes[place] ?? 0) ^ 1;

    const { defects } = await historyFromJournal([bytes]);

    expect(defects[0]).toMatch(/^The journal is damaged at byte \d+: \d+ bytes are no event\.$/);
  });

  test("and a thousand defects stay eleven sentences", () => {
    const many = Array.from({ length: 1000 }, () => getDone);

    const defects = defectsOf(run, ...many);

    expect(defects).toHaveLength(11);
    expect(defects.at(-1)).toBe("And 990 further defects of the same kinds.");
  });
});
