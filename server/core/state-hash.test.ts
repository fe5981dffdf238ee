import { describe, expect, it } from "vitest";
import { stateHash, statesAgree } from "./state-hash.ts";
import { vectorOf } from "./version-vector.ts";
import type { KeyState, Sibling } from "./versions.ts";
import { WriteMemory } from "./write-memory.ts";

const sibling: Sibling = {
  dots: [{ actor: "x", counter: 2 }],
  writeId: "w",
  value: Uint8Array.of(1, 2, 3),
  rank: 2,
  wallMs: 5,
};
const state: KeyState = {
  clock: vectorOf([["x", 2]]),
  cloud: [],
  siblings: [sibling],
  recent: WriteMemory.of([]),
};

const withSibling = (change: Partial<Sibling>): KeyState => ({
  ...state,
  siblings: [{ ...sibling, ...change }],
});

describe("stateHash", () => {
  it.each<[string, KeyState]>([
    ["value bytes", withSibling({ value: Uint8Array.of(1, 2, 4) })],
    ["a tombstone instead of a value", withSibling({ value: null })],
    ["an empty value instead of a tombstone", withSibling({ value: new Uint8Array(0) })],
    ["a dot", withSibling({ dots: [{ actor: "x", counter: 1 }] })],
    ["another dot of the same write", withSibling({ dots: [...sibling.dots, { actor: "y", counter: 1 }] })],
    ["the write id", withSibling({ writeId: "v" })],
    ["the clock", { ...state, clock: vectorOf([["x", 3]]) }],
    ["the cloud", { ...state, cloud: [{ actor: "x", counter: 9 }] }],
    ["a sibling more", { ...state, siblings: [sibling, { ...sibling, writeId: "v" }] }],
  ])("tells states apart that differ in %s", (_, other) => {
    expect(stateHash("b", "k", other)).not.toBe(stateHash("b", "k", state));
    expect(statesAgree(other, state)).toBe(false);
  });

  it("is blind for what replicas may remember differently", () => {
    const other = {
      ...withSibling({ rank: 9, wallMs: 9 }),
      recent: WriteMemory.of([{ writeId: "old", dots: [{ actor: "x", counter: 1 }], rank: 1 }]),
    };

    expect(stateHash("b", "k", other)).toBe(stateHash("b", "k", state));
    expect(statesAgree(other, state)).toBe(true);
  });

  it("depends on the key", () => {
    expect(stateHash("b", "k", state)).toMatch(/^[0-9a-f]{32}$/);
    expect(stateHash("b", "k2", state)).not.toBe(stateHash("b", "k", state));
    expect(stateHash("c", "k", state)).not.toBe(stateHash("b", "k", state));
  });
});
