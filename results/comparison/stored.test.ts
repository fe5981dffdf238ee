import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { slowedEvents } from "../fixture/slowed-events.ts";
import { stagedHistory } from "../fixture/staged-history.ts";
import { stagedRun } from "../fixture/staged-run.ts";
import { differencesOf, type StoredRun } from "./fingerprint.ts";
import { decideStored, repeatsMethod, singleMethod } from "./stored.ts";

/** Few requests, so that the tests are quick. */
const rate = 50;
const { record } = stagedRun({ rate });
const events = stagedHistory({ rate });

const slowed = (factor: number): StoredRun => ({ record, history: historyOf(slowedEvents(events, factor)) });

describe("one stored run a side", () => {
  it("is no change against itself", () => {
    const { verdict, method, metrics } = decideStored([slowed(1)], [slowed(1)], 1);

    expect(method).toBe(singleMethod);
    expect(metrics.map(({ ratio }) => ratio)).toEqual(metrics.map(() => 1));
    expect(["no change", "inconclusive"]).toContain(verdict);
  });

  it("is at most a warning, however slow the candidate", () => {
    const { verdict, notes } = decideStored([slowed(1)], [slowed(2)], 1);

    expect(verdict).toBe("inconclusive");
    expect(notes.some((note) => note.startsWith("Warning: get, steady phases: p50 is between"))).toBe(true);
  });

  it("is not warned of where it differs by less than two runs of one build do", () => {
    const { notes, metrics } = decideStored([slowed(1)], [slowed(1.1)], 1);

    const p50 = metrics.find(({ name }) => name === "get, steady phases: p50");
    expect(p50?.interval?.low).toBeGreaterThan(1);
    expect(p50?.ratio).toBeLessThan(1.15);
    expect(notes).toEqual([]);
  });
});

const isRequest = ({ type }: HistoryEvent): boolean => ["invoke", "ok", "fail", "info"].includes(type);

const seven = (factor: number): readonly StoredRun[] =>
  Array.from({ length: 7 }, (_, index) => slowed(factor * (1 + index / 1_000)));

describe("seven stored runs a side", () => {
  it("show a candidate that is a third slower", () => {
    const { verdict, method, metrics } = decideStored(seven(1), seven(1.33), 1);

    expect(method).toBe(repeatsMethod);
    expect(verdict).toBe("regression");
    expect(metrics.find(({ name }) => name === "get, steady phases: p50")?.verdict).toBe("regression");
  });

  it("show no regression of equals", () => {
    expect(decideStored(seven(1), seven(1), 1).verdict).not.toBe("regression");
  });

  it("cannot tell by a figure that only one of them has", () => {
    const silent = { ...slowed(1), history: historyOf(events.filter((event) => !isRequest(event))) };
    const mostly = (run: StoredRun): readonly StoredRun[] => [
      run,
      ...Array.from({ length: 6 }, () => silent),
    ];

    const { verdict, metrics, notes } = decideStored(mostly(slowed(1)), mostly(slowed(1)), 1);

    expect(verdict).toBe("inconclusive");
    expect(metrics.find(({ name }) => name === "get, steady phases: p50")).toMatchObject({
      ratio: null,
      verdict: "inconclusive",
    });
    expect(notes).toContain("get, steady phases: p50: too few runs have a value.");
  });
});

describe("what keeps runs from being compared", () => {
  it("is nothing for a run and itself", () => {
    expect(differencesOf(slowed(1), slowed(1))).toEqual([]);
  });

  it("is another machine or another plan, named", () => {
    const { machine } = record.environment;
    const other = {
      ...slowed(1),
      record: {
        ...record,
        workload: "register",
        environment: { ...record.environment, machine: { ...machine, coreCount: machine.coreCount + 1 } },
      },
    };

    expect(differencesOf(slowed(1), other)).toEqual([
      `The number of processors differs: ${machine.coreCount} and ${machine.coreCount + 1}.`,
      "The plans differ in their workload.",
    ]);
  });
});
