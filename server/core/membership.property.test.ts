import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Change,
  historyOf,
  isEnded,
  isFinal,
  memberStates,
  membersOf,
  mergeHistories,
  nextSequence,
} from "./membership.ts";

const change: fc.Arbitrary<Change> = fc.record({
  nodeId: fc.constantFrom("a", "b", "__proto__"),
  incarnation: fc.constantFrom("", "i1", "i2"),
  sequence: fc.nat(4),
  state: fc.constantFrom(...memberStates),
  address: fc.constant(null),
  capacity: fc.constantFrom(1, 2),
  dc: fc.constant(""),
  rack: fc.constant(""),
  seat: fc.constant(0),
  origin: fc.constantFrom("", "o"),
  issuedBy: fc.constantFrom("a", "b"),
  issuedAtMs: fc.nat(3),
});
const history = fc.array(change, { maxLength: 12 }).map(historyOf);
const runs = { numRuns: process.env["TIPCART_DEEP"] === undefined ? 300 : 20_000 };

/** What a history means, whatever order it was heard in. */
const meaningOf = (of: ReadonlyMap<string, Change>) => [...membersOf(of)];

describe("merging histories", () => {
  it("is commutative, associative and idempotent in what the result means", () => {
    fc.assert(
      fc.property(history, history, history, (a, b, c) => {
        expect(meaningOf(mergeHistories(a, b))).toEqual(meaningOf(mergeHistories(b, a)));
        expect(meaningOf(mergeHistories(mergeHistories(a, b), c))).toEqual(
          meaningOf(mergeHistories(a, mergeHistories(b, c))),
        );
        expect(mergeHistories(a, a)).toBe(a);
      }),
      runs,
    );
  });

  it("never brings back an incarnation that was removed or replaced", () => {
    fc.assert(
      fc.property(history, change, history, (before, last, after) => {
        fc.pre(isFinal(last.state) && last.incarnation !== "");
        const known = mergeHistories(mergeHistories(before, historyOf([last])), after);

        expect(isEnded(known, last.nodeId, last.incarnation)).toBe(true);
        expect(membersOf(known).get(last.nodeId)?.incarnation).not.toBe(last.incarnation);
      }),
      runs,
    );
  });

  it("is decided by numbers and not by clocks: the next change of a living node counts", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: -9, max: 9 }), (known, issuedAtMs) => {
        for (const member of membersOf(known).values()) {
          const sequence = nextSequence(known, member.nodeId);
          const next: Change = { ...member, sequence, state: "leaving", issuedAtMs };

          expect(membersOf(mergeHistories(known, historyOf([next]))).get(member.nodeId)).toEqual(next);
        }
      }),
      runs,
    );
  });
});
