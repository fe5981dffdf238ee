import { describe, expect, it } from "vitest";
import type { HistoryEvent } from "../../checkers/history/event.ts";
import { historyOf } from "../../checkers/history/history.ts";
import { stagedHistory } from "../fixture/staged-history.ts";
import { stagedRun } from "../fixture/staged-run.ts";
import { panelLimit } from "./figures.ts";
import { nodeFigures, panelWidth } from "./node-operations.ts";

const { figures, record } = stagedRun({ rate: 60 });
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

describe("the figures of a node", () => {
  it("hold every acknowledged write once, at the node that coordinated it", () => {
    const coordinated = figures.nodes.flatMap((node) => node.coordinated);

    expect(new Set(coordinated.map(({ operation }) => operation))).toEqual(new Set(["put", "delete"]));
    expect(sum(coordinated.map(({ okCount }) => okCount))).toBe(record.counts.acknowledgedWriteCount);
    expect(sum(coordinated.map(({ badCount }) => badCount))).toBe(0);
  });

  it("follow in their courses every request that was slow, failed or unknown", () => {
    for (const { operations } of figures.nodes)
      for (const { course, slowCount, badCount } of operations)
        expect(sum(course.bad)).toBe(slowCount + badCount);
    expect(sum(figures.nodes.map(({ badCount }) => badCount))).toBe(
      record.counts.failCount + record.counts.infoCount,
    );
  });

  it.each([
    ["n6", { coordinator: "n6" }],
    ["nobody, where the answer named none", {}],
  ] as const)("tell the node that was asked from the coordinator: %s", (_, named) => {
    const put = { id: 1, process: 1, session: "s", operation: "1.1", kind: "put", key: "k" } as const;
    const times = { intended: 500_000, at: 500_000 };
    const written = { write: "1.1", parents: [], digest: "", bytes: 1 };
    const home = { role: "home", durability: "synced" } as const;
    const acknowledged = ["n1", "n6"].map((node) => ({ node, ...home }));
    const events: readonly HistoryEvent[] = [
      ...stagedHistory({ rate: 1 }).filter(({ type }) => type === "run"),
      { type: "invoke", ...put, ...times, entry: "n1", written },
      { type: "ok", id: 1, at: 504_000, attempts: [], acknowledged, ...named },
    ];

    const nodes = nodeFigures(historyOf(events), { until: 2e6, widthUs: 1e6 });

    expect(nodes.map(({ node, okCount }) => [node, okCount])).toEqual([
      ["n1", 1],
      ...["n2", "n3", "n4", "n5", ...Object.values(named)].map((node) => [node, 0]),
    ]);
    expect(nodes.slice(0, 5).flatMap(({ coordinated }) => coordinated)).toEqual([]);
    expect(nodes.slice(5).flatMap(({ coordinated }) => coordinated)).toMatchObject(
      Object.values(named).map(() => ({
        operation: "put",
        okCount: 1,
        course: { max: [4, null], p50: [null, null], bad: [0, 0] },
      })),
    );
  });
});

const widthAt = (rate: number): number => panelWidth(historyOf(stagedHistory({ rate })), 90e6) / 1e6;

describe("the columns of a panel", () => {
  it("hold enough requests of a node, and are never more than it has room for", () => {
    const weekLong = panelWidth(historyOf(stagedHistory({ rate: 20 })), 7 * 86_400e6);

    expect([500, 250, 100, 20].map(widthAt)).toEqual([1, 2, 5, 5]);
    expect(Math.ceil((7 * 86_400e6) / weekLong)).toBeLessThanOrEqual(panelLimit);
  });
});
