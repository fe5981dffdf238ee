import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
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
  test.prop([anyRing, anyPartition, anyCount], { numRuns: numRuns(300) })(
    "names every member once, the owner first, N of them as homes",
    (ring, partition, n) => {
      const { homes, fallbacks } = preferenceList(ring, partition, n);

      expect([...homes, ...fallbacks].toSorted()).toEqual(ring.members);
      expect(homes[0]).toBe(ring.owners[partition]);
      expect(homes).toHaveLength(Math.min(n, ring.members.length));
    },
  );

  test.prop([anyRing, anyPartition, anyCount, fc.func(fc.boolean())], { numRuns: numRuns(300) })(
    "yields distinct healthy targets, as many as there can be, and never two for one home",
    (ring, partition, n, isHealthy) => {
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
    },
  );
});
