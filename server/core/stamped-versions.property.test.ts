import * as fc from "fast-check";
import { expect, test } from "vitest";
import { stampedVersions } from "./stamped-versions.ts";
import { numRuns } from "./state-fixture.ts";
import { emptyContext, emptyKeyState, type KeyState } from "./versions.ts";

const { update, sync } = stampedVersions;

type Written = { readonly node: string; readonly atMs: number };

/** Clocks that stand still now and then, so that stamps of different nodes are often equal. */
const anyWritten: fc.Arbitrary<readonly Written[]> = fc.uniqueArray(
  fc.record({ node: fc.constantFrom("x", "y", "z"), atMs: fc.integer({ min: 1, max: 6 }) }),
  { maxLength: 12, selector: ({ node, atMs }) => `${node}${atMs}` },
);

const stateAfter = (writes: readonly Written[]): KeyState =>
  writes.reduce(
    (state, { node, atMs }) =>
      update(state, {
        context: emptyContext,
        value: Buffer.from(`${node}${atMs}`),
        writeId: `${node}${atMs}`,
        actor: `${node}~1~0`,
        wallMs: atMs,
      }).state,
    emptyKeyState,
  );

test("stamped versions sync commutatively, associatively and idempotently", () => {
  fc.assert(
    fc.property(anyWritten, anyWritten, anyWritten, (one, two, three) => {
      const [a, b, c] = [stateAfter(one), stateAfter(two), stateAfter(three)];

      expect(sync(a, { ...a })).toEqual(a);
      expect(sync(a, b)).toEqual(sync(b, a));
      expect(sync(sync(a, b), c)).toEqual(sync(a, sync(b, c)));
    }),
    { numRuns: numRuns(500) },
  );
});

test("what survives is the latest stamp, and of those the greatest node, in whatever order they came", () => {
  fc.assert(
    fc.property(anyWritten, fc.nat(), (writes, seed) => {
      const shuffled = writes.toSorted((a, b) => rankOf(a, seed) - rankOf(b, seed));
      const latest = writes.toSorted((a, b) => a.atMs - b.atMs || (a.node < b.node ? -1 : 1)).at(-1);

      const expected = latest === undefined ? [] : [`${latest.node}${latest.atMs}`];
      expect(stateAfter(shuffled).siblings.map(({ writeId }) => writeId)).toEqual(expected);
    }),
    { numRuns: numRuns(300) },
  );
});

function rankOf({ node, atMs }: Written, seed: number): number {
  return ((atMs * 31 + node.charCodeAt(0)) * (seed + 7)) % 1009;
}
