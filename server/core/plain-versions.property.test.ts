import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainVersions } from "./plain-versions.ts";
import { anyStep, Replicas, replicaCount } from "./replicas-fixture.ts";
import { numRuns } from "./state-fixture.ts";
import type { KeyState } from "./versions.ts";

const { sync } = plainVersions;
const anyHistory = fc.array(anyStep, { maxLength: 40 });

describe("plain versions", () => {
  it("sync commutatively, associatively and idempotently", () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const replicas = new Replicas(plainVersions);
        for (const step of steps) replicas.take(step);
        const [a, b, c] = replicas.states() as [KeyState, KeyState, KeyState];

        expect(sync(a, { ...a })).toEqual(a);
        expect(sync(a, b)).toEqual(sync(b, a));
        expect(sync(sync(a, b), c)).toEqual(sync(a, sync(b, c)));
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("lose writes that no client ever saw, in random histories without any fault", () => {
    const losesNothing = fc.property(anyHistory, (steps) => {
      const replicas = new Replicas(plainVersions);
      for (const step of steps) replicas.take(step);
      replicas.settle();

      for (let index = 0; index < replicaCount; index++) {
        const alive = replicas.alive(index);
        for (const write of replicas.expected(index)) expect(alive).toContain(write);
      }
    });

    const found = fc.check(losesNothing, { seed: 2007, numRuns: 300 });

    expect(found.failed).toBe(true);
    expect(found.counterexample?.[0].filter(({ type }) => type.startsWith("write"))).toHaveLength(2);
  });
});
