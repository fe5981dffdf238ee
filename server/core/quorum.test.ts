import { describe, expect, it } from "vitest";
import {
  addAsked,
  addFailure,
  addReply,
  openQuorum,
  type Quorum,
  type QuorumNeeds,
  type Role,
  shortfall,
} from "./quorum.ts";

const needs = (given: Partial<QuorumNeeds>): QuorumNeeds => ({
  total: 2,
  homes: 0,
  synced: 0,
  fallbacksCount: true,
  ...given,
});

/** A quorum that has asked the homes a, b and c. */
const asked = (given: Partial<QuorumNeeds> = {}): Quorum =>
  ["a", "b", "c"].reduce((quorum, node) => addAsked(quorum, node, "home"), openQuorum(needs(given)));

const answered = (quorum: Quorum, node: string, role: Role = "home"): Quorum =>
  addReply(quorum, node, role, "synced");

describe("a quorum", () => {
  it("waits while nodes may still be asked", () => {
    expect(openQuorum(needs({})).state).toEqual({ type: "waiting" });
  });

  it("is met by enough distinct nodes", () => {
    const one = answered(asked(), "a");

    expect(one.state).toEqual({ type: "waiting" });
    expect(answered(one, "b").state).toEqual({ type: "met" });
  });

  it("counts a node that answers twice once", () => {
    const twice = answered(answered(asked(), "a"), "a");

    expect(twice.state).toEqual({ type: "waiting" });
    expect(twice.replies).toHaveLength(1);
  });

  it("is impossible as soon as those still asked cannot be enough", () => {
    const oneDown = addFailure(asked(), "a");
    const twoDown = addFailure(answered(oneDown, "b"), "c");

    expect(oneDown.state).toEqual({ type: "waiting" });
    expect(twoDown.state).toEqual({ type: "impossible", what: "total", needed: 2, had: 1 });
  });

  it("is possible again when a fallback is asked instead", () => {
    const short = addFailure(addFailure(answered(asked(), "a"), "b"), "c");

    const again = addAsked(short, "d", "fallback");

    expect(short.state.type).toBe("impossible");
    expect(again.state).toEqual({ type: "waiting" });
    expect(answered(again, "d", "fallback").state).toEqual({ type: "met" });
  });

  it("counts the late answer of a node that was given up", () => {
    const givenUp = addFailure(answered(asked(), "a"), "b");

    expect(answered(givenUp, "b").state).toEqual({ type: "met" });
  });

  it("wants as many homes as it is told, whatever fallbacks say", () => {
    const withFallback = addAsked(asked({ homes: 2 }), "d", "fallback");

    const halfway = answered(answered(withFallback, "d", "fallback"), "a");

    expect(halfway.state).toEqual({ type: "waiting" });
    expect(answered(halfway, "b").state).toEqual({ type: "met" });
    expect(addFailure(addFailure(halfway, "b"), "c").state).toEqual({
      type: "impossible",
      what: "homes",
      needed: 2,
      had: 1,
    });
  });

  it("leaves fallbacks out where hints do not count", () => {
    const strict = answered(answered(asked({ fallbacksCount: false }), "a"), "d", "fallback");

    expect(strict.state).toEqual({ type: "waiting" });
    expect(addFailure(addFailure(strict, "b"), "c").state).toMatchObject({ type: "impossible", had: 1 });
  });

  it("wants as many synced answers as it is told", () => {
    const buffered = addReply(
      addReply(asked({ synced: 1 }), "a", "home", "buffered"),
      "b",
      "home",
      "buffered",
    );

    expect(buffered.state).toEqual({ type: "waiting" });
    expect(shortfall(buffered)).toEqual({ what: "synced", needed: 1, had: 0 });
    expect(answered(buffered, "c").state).toEqual({ type: "met" });
  });

  it("stays met when further nodes fail", () => {
    const met = answered(answered(asked(), "a"), "b");

    expect(addFailure(met, "c").state).toEqual({ type: "met" });
    expect(shortfall(met)).toBeUndefined();
  });
});

describe("while a partition moves", () => {
  const inBoth: QuorumNeeds = {
    total: 2,
    homes: 0,
    synced: 0,
    fallbacksCount: true,
    groups: [
      { nodes: ["a", "b", "c"], extra: 0 },
      { nodes: ["x", "y", "z"], extra: 0 },
    ],
  };
  const tallied = (those: readonly string[], replied: readonly string[], of: QuorumNeeds = inBoth) => {
    let quorum = openQuorum(of);
    for (const node of those) quorum = addAsked(quorum, node, "home");
    for (const node of replied) quorum = addReply(quorum, node, "home", "synced");
    return quorum.state.type;
  };
  const all = ["a", "b", "c", "x", "y", "z"];

  it("two replies of the old homes are no quorum of the new ones, nor the other way round", () => {
    expect(tallied(all, ["a", "b"])).toBe("waiting");
    expect(tallied(all, ["a", "b", "c", "x"])).toBe("waiting");
    expect(tallied(all, ["x", "y", "z"])).toBe("waiting");
    expect(tallied(all, ["a", "b", "y", "z"])).toBe("met");
  });

  it("a node that is old and new counts in both groups", () => {
    const groups = [
      { nodes: ["a", "b", "c"], extra: 0 },
      { nodes: ["a", "b", "x"], extra: 0 },
    ];

    expect(tallied(["a", "b", "c", "x"], ["a", "b"], { ...inBoth, groups })).toBe("met");
  });

  it("one holder more than N asks for one reply more", () => {
    const groups = [{ nodes: ["a", "b", "c", "x"], extra: 1 }];

    expect(tallied(["a", "b", "c", "x"], ["a", "x"], { ...inBoth, groups })).toBe("waiting");
    expect(tallied(["a", "b", "c", "x"], ["a", "b", "x"], { ...inBoth, groups })).toBe("met");
  });

  it("what one group can no longer reach is impossible", () => {
    expect(tallied(["a", "b", "c", "x"], ["a", "b"])).toBe("impossible");
  });
});
