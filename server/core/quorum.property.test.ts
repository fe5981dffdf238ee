import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addAsked, addFailure, addReply, openQuorum, type Quorum, type Role } from "./quorum.ts";
import { numRuns } from "./state-fixture.ts";

const nodes = ["a", "b", "c", "d", "e"];
/** A node is a home or a fallback of a key, never both. */
const roleOf = (node: string): Role => (node < "d" ? "home" : "fallback");

const anyNeeds = fc.record({
  total: fc.integer({ min: 1, max: 5 }),
  homes: fc.nat({ max: 3 }),
  synced: fc.nat({ max: 3 }),
  fallbacksCount: fc.boolean(),
});
const anyNode = fc.constantFrom(...nodes);
const anyEvent = fc.oneof(
  fc.record({ type: fc.constant("asked"), node: anyNode }),
  fc.record({
    type: fc.constant("reply"),
    node: anyNode,
    durability: fc.constantFrom("synced", "buffered"),
  }),
  fc.record({ type: fc.constant("failure"), node: anyNode }),
);
type Event = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never;

const after = (quorum: Quorum, event: Event): Quorum => {
  switch (event.type) {
    case "asked":
      return addAsked(quorum, event.node, roleOf(event.node));
    case "reply":
      return addReply(quorum, event.node, roleOf(event.node), event.durability);
    case "failure":
      return addFailure(quorum, event.node);
  }
};

const someEvents = fc.array(anyEvent, { minLength: 1, maxLength: 20 });

describe("a quorum", () => {
  it("is met exactly when distinct nodes that count reach every need", () => {
    fc.assert(
      fc.property(anyNeeds, someEvents, (needs, events) => {
        const quorum = events.reduce(after, openQuorum(needs));

        const firstReplies = nodes.flatMap((node) => {
          const first = events.find((event) => event.type === "reply" && event.node === node);
          return first?.type === "reply" ? [first] : [];
        });
        const counted = firstReplies.filter(({ node }) => needs.fallbacksCount || roleOf(node) === "home");
        const isMet =
          counted.length >= needs.total &&
          counted.filter(({ node }) => roleOf(node) === "home").length >= needs.homes &&
          counted.filter(({ durability }) => durability === "synced").length >= needs.synced;
        expect(quorum.state.type === "met").toBe(isMet);
      }),
      { numRuns: numRuns(500) },
    );
  });

  it("once met stays met", () => {
    fc.assert(
      fc.property(anyNeeds, someEvents, (needs, events) => {
        const types: string[] = [];
        let quorum = openQuorum(needs);
        for (const event of events) {
          quorum = after(quorum, event);
          types.push(quorum.state.type);
        }

        const sinceMet = types.includes("met") ? types.slice(types.indexOf("met")) : [];
        expect(sinceMet.filter((type) => type !== "met")).toEqual([]);
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("calls itself impossible exactly when not even all answers that are pending would meet it", () => {
    fc.assert(
      fc.property(anyNeeds, someEvents, (needs, events) => {
        const quorum = events.reduce(after, openQuorum(needs));

        const atBest = quorum.pending.reduce(
          (best, { node, role }) => addReply(best, node, role, "synced"),
          quorum,
        );

        expect(quorum.state.type === "impossible").toBe(atBest.state.type !== "met");
      }),
      { numRuns: numRuns(300) },
    );
  });
});
