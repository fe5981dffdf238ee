import { describe, expect, it } from "vitest";
import { anomaliesForbidden, compatibilityOf, expectationProblem } from "./compatibility.ts";
import { consistencyModels } from "./consistency-models.ts";

describe("the models a history can be of", () => {
  it("are the strongest when nothing is wrong with it", () => {
    expect(compatibilityOf([])).toEqual({
      ruledOut: [],
      alsoRuledOut: [],
      strongest: ["strict-serializable"],
    });
  });

  it.each([
    [["G0"], ["read-uncommitted"]],
    [["G1a"], ["read-committed"]],
    [["internal"], ["read-atomic"]],
    [["lost-update"], ["cursor-stability", "update-atomic"]],
    [["G-single-item"], ["consistent-view", "repeatable-read"]],
    [["G-nonadjacent-item"], ["repeatable-read", "snapshot-isolation"]],
    [["G2-item"], ["repeatable-read"]],
    [["G-single-item-process"], ["strong-session-snapshot-isolation"]],
    [["G2-item-realtime"], ["strict-serializable"]],
    [["stale-read"], ["regular"]],
    [["new-old-inversion"], ["linearizable"]],
    [["own-write-unread"], ["read-your-writes"]],
    [["lost-write"], ["regular"]],
    [["foreign-value"], ["read-committed", "regular", "sequential"]],
  ])("%s rules out %s and all above", (anomalies, ruledOut) => {
    expect(compatibilityOf(anomalies).ruledOut).toEqual(ruledOut);
    expect([...ruledOut, ...compatibilityOf(anomalies).alsoRuledOut]).toContain("strict-serializable");
  });

  it("still has snapshot isolation when there is write skew", () => {
    expect(compatibilityOf(["G2-item"]).strongest).toContain("strong-snapshot-isolation");
  });

  it("are told by their aliases too", () => {
    expect([...anomaliesForbidden({ models: ["PL-2"], anomalies: [] })]).toEqual(
      expect.arrayContaining(["G0", "G1a", "G1b", "G1c", "dirty-update", "garbage-read"]),
    );
    expect(expectationProblem({ models: ["PL-3", "PL-SS"], anomalies: [] })).toBeUndefined();
    expect(expectationProblem({ models: ["ACID"], anomalies: [] })).toMatch(
      /^unknown consistency model ACID; known are /,
    );
  });

  it("contain only models that there are, and never themselves", () => {
    const reached = (name: string, seen: ReadonlySet<string>): boolean =>
      (consistencyModels[name]?.contains ?? []).every(
        (below) =>
          consistencyModels[below] !== undefined &&
          !seen.has(below) &&
          reached(below, new Set([...seen, below])),
      );

    for (const name of Object.keys(consistencyModels)) expect(reached(name, new Set([name]))).toBe(true);
  });
});
