import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
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

describe("a quorum", () => {
  test.prop([anyNeeds, fc.array(anyEvent, { maxLength: 20 })], { numRuns: numRuns(500) })(
    "is met exactly when distinct nodes that count reach every need",
    (needs, events) => {
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
      expect(quorum.state.type === "met").toBe(events.length > 0 && isMet);
    },
  );

  test.prop([anyNeeds, fc.array(anyEvent, { maxLength: 20 })], { numRuns: numRuns(300) })(
    "once met stays met",
    (needs, events) => {
      let quorum = openQuorum(needs);
      let wasMet = false;

      for (const event of events) {
        quorum = after(quorum, event);
        if (wasMet) expect(quorum.state.type).toBe("met");
        wasMet = quorum.state.type === "met";
      }
    },
  );

  test.prop([anyNeeds, fc.array(anyEvent, { maxLength: 20 })], { numRuns: numRuns(300) })(
    "calls itself impossible only if no answers of those pending could meet it",
    (needs, events) => {
      const quorum = events.reduce(after, openQuorum(needs));
      const atBest = quorum.pending.reduce(
        (best, { node, role }) => addReply(best, node, role, "synced"),
        quorum,
      );

      if (quorum.state.type === "impossible") expect(atBest.state.type).toBe("impossible");
      if (quorum.state.type === "waiting" && events.length > 0) {
        expect(["met", "waiting"]).toContain(atBest.state.type);
      }
    },
  );
});
