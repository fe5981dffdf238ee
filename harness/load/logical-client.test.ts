import { describe, expect, it } from "vitest";
import type { Store } from "../../workloads/store.ts";
import { Roster, routeOf } from "./logical-client.ts";

const nowhere: Store = {
  get: () => Promise.resolve({ type: "fail", error: "nowhere" }),
  put: () => Promise.resolve({ type: "fail", error: "nowhere" }),
  delete: () => Promise.resolve({ type: "fail", error: "nowhere" }),
};

describe("the roster", () => {
  it("gives a busy session a fresh client, and a free one back to its session only", () => {
    const roster = new Roster(() => nowhere);
    const first = roster.engage("s1");
    const second = roster.engage("s1");
    roster.release(first);

    expect(second).not.toBe(first);
    expect(roster.engage("s2").caller.process).toBe(2);
    expect(roster.engage("s1")).toBe(first);
    expect(roster.nextProcess).toBe(3);
  });

  it("never gives out again a client that was not released", () => {
    const roster = new Roster(() => nowhere);
    const retired = roster.engage("s1");

    expect(roster.engage("s1").caller.process).not.toBe(retired.caller.process);
  });
});

describe("a logical client", () => {
  it("names its operations one after another", () => {
    const client = new Roster(() => nowhere).engage("s1");

    expect([client.nextOperation(), client.nextOperation()]).toEqual(["0.0", "0.1"]);
    expect(client.caller.operation).toBe("0.1");
  });
});

describe("the route of an arrival", () => {
  const nodes = ["n1", "n2", "n3", "n4"];

  it("enters where the wish says", () => {
    expect([0, 1, 2, 3, 4, 7].map((entry) => routeOf(nodes, entry, 0)[0])).toEqual([
      "n1",
      "n2",
      "n3",
      "n4",
      "n1",
      "n4",
    ]);
  });

  it("spreads second attempts over all other nodes", () => {
    const seconds = Array.from({ length: 9 }, (_, arrival) => routeOf(nodes, 2, arrival)[1]);

    expect(new Set(seconds)).toEqual(new Set(["n1", "n2", "n4"]));
  });

  it("has one stop in a cluster of one, two in a cluster of two", () => {
    expect(routeOf(["n1"], 5, 3)).toEqual(["n1"]);
    expect(routeOf(["n1", "n2"], 1, 3)).toEqual(["n2", "n1"]);
  });
});
