import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dottedVersions } from "./dotted-versions.ts";
import { anyRetry, anyStep, Replicas, replicaCount, type Step } from "./replicas-fixture.ts";
import { numRuns } from "./state-fixture.ts";
import { stateHash, statesAgree } from "./state-hash.ts";
import type { KeyState } from "./versions.ts";
import { namedCountMax } from "./versions.ts";
import { recentCountMax } from "./write-memory.ts";

const { sync } = dottedVersions;

/** The states of all replicas after a history. */
const statesAfter = (steps: readonly Step[]): readonly [KeyState, KeyState, KeyState] => {
  const replicas = new Replicas(dottedVersions);
  for (const step of steps) replicas.take(step);
  const [a, b, c] = replicas.states();
  if (a === undefined || b === undefined || c === undefined) throw new Error("three replicas expected");
  return [a, b, c];
};

const anyHistory = fc.array(anyStep, { maxLength: 60 });
/** Short enough for every superseded write to be remembered. */
const anyHistoryWithRetries = fc.array(fc.oneof({ weight: 4, arbitrary: anyStep }, anyRetry), {
  maxLength: recentCountMax,
});

describe("dotted versions", () => {
  it("keep alive exactly the maximal writes, at every replica after every step", () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const replicas = new Replicas(dottedVersions);

        for (const step of steps) {
          replicas.take(step);

          for (let index = 0; index < replicaCount; index++) {
            expect(replicas.alive(index)).toEqual(replicas.expected(index));
          }
        }
      }),
      { numRuns: numRuns(600) },
    );
  });

  it("keep alive exactly the maximal writes when retries go anywhere, at every replica after every step", () => {
    const shortHistory = fc.array(fc.oneof({ weight: 4, arbitrary: anyStep }, anyRetry), {
      maxLength: namedCountMax,
    });
    fc.assert(
      fc.property(shortHistory, (steps) => {
        const replicas = new Replicas(dottedVersions);

        for (const step of steps) {
          replicas.take(step);

          for (let index = 0; index < replicaCount; index++) {
            expect(replicas.alive(index)).toEqual(replicas.expected(index));
          }
        }
      }),
      { numRuns: numRuns(2000) },
    );
  });

  it("keep alive exactly the maximal writes when retries go anywhere, once all is heard", () => {
    fc.assert(
      fc.property(anyHistoryWithRetries, (steps) => {
        const replicas = new Replicas(dottedVersions);
        for (const step of steps) replicas.take(step);

        replicas.settle();

        for (let index = 0; index < replicaCount; index++) {
          expect(replicas.alive(index)).toEqual(replicas.expected(index));
        }
      }),
      { numRuns: numRuns(1000) },
    );
  });

  it("converge to one state and one hash", () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const replicas = new Replicas(dottedVersions);
        for (const step of steps) replicas.take(step);

        replicas.settle();

        const [first, ...others] = replicas.states();
        for (const other of others) expect(other).toEqual(first);
        expect(new Set(replicas.states().map((state) => stateHash("b", "k", state))).size).toBe(1);
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("sync commutatively, associatively and idempotently", () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const [a, b, c] = statesAfter(steps);

        expect(sync(a, { ...a })).toEqual(a);
        expect(sync(a, b)).toEqual(sync(b, a));
        expect(sync(sync(a, b), c)).toEqual(sync(a, sync(b, c)));
        expect(sync(sync(a, b), b)).toEqual(sync(a, b));
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("sync commutatively, associatively and idempotently also when retries got two dots", () => {
    fc.assert(
      fc.property(anyHistoryWithRetries, (steps) => {
        const [a, b, c] = statesAfter(steps);

        expect(statesAgree(sync(a, { ...a }), a)).toBe(true);
        expect(statesAgree(sync(a, b), sync(b, a))).toBe(true);
        expect(statesAgree(sync(sync(a, b), c), sync(a, sync(b, c)))).toBe(true);
      }),
      { numRuns: numRuns(1000) },
    );
  });

  it("cover every sibling's dots, and no dot twice", () => {
    fc.assert(
      fc.property(anyHistoryWithRetries, (steps) => {
        for (const state of statesAfter(steps)) {
          const dots = state.siblings.flatMap((sibling) => sibling.dots);
          const names = dots.map(({ actor, counter }) => `${actor} ${counter}`);
          const isCovered = dots.every(
            ({ actor, counter }) =>
              (state.clock.get(actor) ?? 0) >= counter ||
              state.cloud.some((dot) => dot.actor === actor && dot.counter === counter),
          );

          expect(isCovered).toBe(true);
          expect(new Set(names).size).toBe(names.length);
          expect(state.recent.count).toBeLessThanOrEqual(recentCountMax);
        }
      }),
      { numRuns: numRuns(300) },
    );
  });
});
