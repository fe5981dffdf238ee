import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeKeyRecord, decodeKeyState, encodeKeyRecord, encodeKeyState } from "./key-state-codec.ts";
import { anyDot, anyState, numRuns } from "./state-fixture.ts";

describe("the codec of key states", () => {
  it("gives back every state", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(decodeKeyState(encodeKeyState(state))).toEqual({ type: "ok", value: state });
      }),
      { numRuns: numRuns(300) },
    );
  });

  it("gives back every record", () => {
    fc.assert(
      fc.property(anyState, fc.option(anyDot, { nil: undefined }), (state, minted) => {
        expect(decodeKeyRecord(encodeKeyRecord({ state, minted }))).toEqual({
          type: "ok",
          value: { state, minted },
        });
      }),
      { numRuns: numRuns(100) },
    );
  });

  it("answers any bytes with a value", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(["ok", "fail"]).toContain(decodeKeyState(bytes).type);
        expect(["ok", "fail"]).toContain(decodeKeyRecord(bytes).type);
      }),
      { numRuns: numRuns(500) },
    );
  });

  it("answers a damaged state with a value, never with an exception", () => {
    fc.assert(
      fc.property(anyState, fc.nat(), fc.integer({ min: 1, max: 255 }), (state, at, flip) => {
        const bytes = Buffer.from(encodeKeyState(state));
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;

        expect(["ok", "fail"]).toContain(decodeKeyState(bytes).type);
      }),
      { numRuns: numRuns(500) },
    );
  });
});
