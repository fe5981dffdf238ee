import { describe, expect, it } from "vitest";
import {
  decodeKeyRecord,
  decodeKeyState,
  encodeKeyRecord,
  encodeKeyState,
  sharedBytesOf,
} from "./key-state-codec.ts";
import { vectorOf } from "./version-vector.ts";
import { emptyKeyState, type KeyState } from "./versions.ts";
import { WriteMemory } from "./write-memory.ts";

const state: KeyState = {
  clock: vectorOf([
    ["y~1~0", 1],
    ["x~1~0", 2],
  ]),
  cloud: [{ actor: "z~1~0", counter: 7 }],
  siblings: [
    {
      dots: [{ actor: "x~1~0", counter: 2 }],
      writeId: "w2",
      value: Uint8Array.of(0, 255, 128),
      rank: 3,
      wallMs: 12.5,
    },
    { dots: [{ actor: "y~1~0", counter: 1 }], writeId: "w3", value: null, rank: 2, wallMs: 13 },
  ],
  recent: WriteMemory.of([{ writeId: "w1", dots: [{ actor: "x~1~0", counter: 1 }], rank: 1 }]),
};

describe("the codec of key states", () => {
  it("gives back what it was given", () => {
    const decoded = decodeKeyState(encodeKeyState(state));

    expect(decoded).toEqual({ type: "ok", value: state });
  });

  it("keeps an empty value apart from a tombstone", () => {
    const [first] = state.siblings;
    const empty: KeyState = { ...state, siblings: first ? [{ ...first, value: new Uint8Array(0) }] : [] };

    const decoded = decodeKeyState(encodeKeyState(empty));

    expect(decoded.type === "ok" && decoded.value.siblings[0]?.value).toEqual(new Uint8Array(0));
  });

  it("keeps what the node itself minted beside the state", () => {
    const record = { state, minted: { actor: "x~1~0", counter: 2 } };

    expect(decodeKeyRecord(encodeKeyRecord(record))).toEqual({ type: "ok", value: record });
    expect(decodeKeyRecord(encodeKeyRecord({ state, minted: undefined }))).toEqual({
      type: "ok",
      value: { state, minted: undefined },
    });
  });

  it("puts what replicas must agree on first, free of all they may disagree on", () => {
    const otherMemory: KeyState = {
      ...state,
      siblings: state.siblings.map((sibling) => ({ ...sibling, rank: 99, wallMs: 99 })),
      recent: WriteMemory.of([{ writeId: "other", dots: [{ actor: "q~1~0", counter: 4 }], rank: 9 }]),
    };

    const shared = Buffer.from(sharedBytesOf(state));

    expect(Buffer.from(encodeKeyState(state)).subarray(0, shared.length)).toEqual(shared);
    expect(Buffer.from(sharedBytesOf(otherMemory))).toEqual(shared);
  });

  it("refuses bytes of another format, bytes that end early and bytes that go on", () => {
    const bytes = encodeKeyState(state);
    const refused = { type: "fail", reason: "the bytes are no key state" };

    expect(decodeKeyState(new Uint8Array(0))).toEqual(refused);
    expect(decodeKeyState(Uint8Array.of(2, ...bytes.subarray(1)))).toEqual(refused);
    expect(decodeKeyState(bytes.subarray(0, -1))).toEqual(refused);
    expect(decodeKeyState(Uint8Array.of(...bytes, 0))).toEqual(refused);
    expect(decodeKeyState(encodeKeyState(emptyKeyState))).toEqual({ type: "ok", value: emptyKeyState });
  });
});
