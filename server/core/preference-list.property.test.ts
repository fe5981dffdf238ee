import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { preferenceList, targetsNow } from "./preference-list.ts";
import { ringOf } from "./ring.ts";
import { numRuns } from "./state-fixture.ts";

/** Any ring at all, however badly placed. */
const anyRing = fc
  .uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 12 })
  .chain((members) =>
    fc
      .array(fc.constantFrom(...members), { minLength: 8, maxLength: 8 })
      .map((owners) => ringOf(members, 8, owners)),
  );
const anyPartition = fc.nat({ max: 7 });
const anyCount = fc.integer({ min: 1, max: 5 });

describe("a preference list", () => {
  it("names every member once, the owner first, N of them as homes", () => {
    fc.assert(
      fc.property(anyRing, anyPartition, anyCount, (ring, partition, n) => {
        const { homes, fallbacks } = preferenceList(ring, partition, n);

        expect([...homes, ...fallbacks].toSorted()).toEqual(ring.members);
        expect(homes[0]).toBe(ring.owners[partition]);
        expect(homes).toHaveLength(Math.min(n, ring.members.length));
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("yields distinct healthy targets, as many as there can be, and never two for one home", () => {
    fc.assert(
      fc.property(anyRing, anyPartition, anyCount, fc.func(fc.boolean()), (ring, partition, n, isHealthy) => {
        const list = preferenceList(ring, partition, n);
        const healthy = ring.members.filter((node) => isHealthy(node));

        const targets = targetsNow(list, isHealthy, { sloppy: true });

        const nodes = targets.map(({ node }) => node);
        const duties = targets.map(({ node, standsInFor }) => standsInFor ?? node);
        expect(new Set(nodes).size).toBe(nodes.length);
        expect(nodes.every((node) => isHealthy(node))).toBe(true);
        expect(new Set(duties).size).toBe(duties.length);
        expect(duties.every((home) => list.homes.includes(home))).toBe(true);
        expect(targets).toHaveLength(Math.min(list.homes.length, healthy.length));
      }),
      { numRuns: numRuns(300) },
    );
  });
});
