import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { stagedHistory } from "../fixture/staged-history.ts";
import { stagedRun } from "../fixture/staged-run.ts";
import { differencesOf, type StoredRun } from "./fingerprint.ts";
import { decideStored, repeatsMethod, singleMethod } from "./stored.ts";

/** Few requests, so that the tests are quick. */
const rate = 50;
const { record } = stagedRun({ rate });
const events = stagedHistory({ rate });

/** The staged run with every answer `factor` times as late after its sending. */
const slowed = (factor: number): StoredRun => {
  const sentAt = new Map<number, number>();
  const late = events.map((event): HistoryEvent => {
    if (event.type === "invoke") sentAt.set(event.id, event.at);
    if (event.type !== "ok" && event.type !== "fail" && event.type !== "info") return event;
    const sent = sentAt.get(event.id) ?? event.at;
    return { ...event, at: Math.round(sent + factor * (event.at - sent)) };
  });
  return { record, history: historyOf(late) };
};

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
});

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
