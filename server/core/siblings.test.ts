import { describe, expect, it } from "vitest";
import { compareValues, dotOfWrite, firstDot, mergeCopies } from "./siblings.ts";
import { emptyKeyState, type Sibling } from "./versions.ts";
import { WriteMemory } from "./write-memory.ts";

const copy = (given: Partial<Sibling>): Sibling => ({
  dots: [{ actor: "x", counter: 1 }],
  writeId: "w",
  value: Uint8Array.of(1),
  rank: 1,
  wallMs: 10,
  ...given,
});

describe("mergeCopies", () => {
  it("is decided by content, never by side", () => {
    const atX = copy({ rank: 1, wallMs: 20 });
    const atY = copy({ dots: [{ actor: "y", counter: 4 }], value: Uint8Array.of(2), rank: 5, wallMs: 15 });
    const merged = copy({
      dots: [
        { actor: "x", counter: 1 },
        { actor: "y", counter: 4 },
      ],
      value: Uint8Array.of(2),
      rank: 5,
      wallMs: 15,
    });

    expect(mergeCopies(atX, atY)).toEqual(merged);
    expect(mergeCopies(atY, atX)).toEqual(merged);
  });
});

describe("compareValues", () => {
  it("orders by bytes, tombstones first", () => {
    const ascending = [null, new Uint8Array(0), Uint8Array.of(1), Uint8Array.of(1, 0), Uint8Array.of(200)];

    expect(ascending.toReversed().toSorted(compareValues)).toEqual(ascending);
  });
});

describe("dotOfWrite", () => {
  it("finds a write that is alive or remembered, and no other", () => {
    const recent = WriteMemory.of([{ writeId: "old", dots: [{ actor: "y", counter: 3 }], rank: 1 }]);
    const state = { ...emptyKeyState, siblings: [copy({})], recent };

    expect(dotOfWrite(state, "w")).toEqual({ actor: "x", counter: 1 });
    expect(dotOfWrite(state, "old")).toEqual({ actor: "y", counter: 3 });
    expect(dotOfWrite(state, "other")).toBeUndefined();
  });
});

describe("firstDot", () => {
  it("insists on a dot", () => {
    expect(() => firstDot([])).toThrow("a version without a dot");
  });
});
