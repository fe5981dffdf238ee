import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeKeyState, encodeKeyState } from "./key-state-codec.ts";
import { anyState, numRuns } from "./state-fixture.ts";
import { stateHash, statesAgree } from "./state-hash.ts";
import type { KeyState, Sibling } from "./versions.ts";

/** A copy that shares no object with the original. */
const copyOf = (state: KeyState): KeyState => {
  const decoded = decodeKeyState(encodeKeyState(state));
  if (decoded.type === "fail") throw new Error(decoded.reason);
  return decoded.value;
};

const stateFields = ["clock", "cloud", "siblings", "recent"] as const;
const siblingFields = ["dots", "writeId", "value", "rank", "wallMs"] as const;

/** A state and a copy of it in which one field, of the state or of its first sibling, may be another's. */
const anyPair = fc
  .record({
    state: anyState,
    other: anyState,
    stateField: fc.option(fc.constantFrom(...stateFields)),
    siblingField: fc.option(fc.constantFrom(...siblingFields)),
  })
  .map(({ state, other, stateField, siblingField }): readonly [KeyState, KeyState] => {
    const copy = copyOf(state);
    const [first, ...more] = copy.siblings;
    const [donor] = other.siblings;
    const siblings: readonly Sibling[] =
      first && donor && siblingField
        ? [{ ...first, [siblingField]: donor[siblingField] }, ...more]
        : copy.siblings;
    const changed = { ...copy, siblings };
    return [state, stateField === null ? changed : { ...changed, [stateField]: other[stateField] }];
  });

describe("statesAgree", () => {
  it("says what equal hashes say", () => {
    let agreedCount = 0;
    let differedCount = 0;

    fc.assert(
      fc.property(anyPair, ([a, b]) => {
        const haveEqualHashes = stateHash("b", "k", a) === stateHash("b", "k", b);
        if (haveEqualHashes) agreedCount++;
        else differedCount++;

        expect(statesAgree(a, b)).toBe(haveEqualHashes);
      }),
      { numRuns: numRuns(500) },
    );

    expect(Math.min(agreedCount, differedCount)).toBeGreaterThan(0);
  });
});
