import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { decodeKeyRecord, decodeKeyState, encodeKeyRecord, encodeKeyState } from "./key-state-codec.ts";
import { anyDot, anyState, numRuns } from "./state-fixture.ts";

describe("the codec of key states", () => {
  test.prop([anyState], { numRuns: numRuns(300) })("gives back every state", (state) => {
    expect(decodeKeyState(encodeKeyState(state))).toEqual({ type: "ok", value: state });
  });

  test.prop([anyState, fc.option(anyDot, { nil: undefined })], { numRuns: numRuns(100) })(
    "gives back every record",
    (state, minted) => {
      expect(decodeKeyRecord(encodeKeyRecord({ state, minted }))).toEqual({
        type: "ok",
        value: { state, minted },
      });
    },
  );

  test.prop([fc.uint8Array({ maxLength: 300 })], { numRuns: numRuns(500) })(
    "answers any bytes with a value",
    (bytes) => {
      expect(["ok", "fail"]).toContain(decodeKeyState(bytes).type);
      expect(["ok", "fail"]).toContain(decodeKeyRecord(bytes).type);
    },
  );

  test.prop([anyState, fc.nat(), fc.integer({ min: 1, max: 255 })], { numRuns: numRuns(500) })(
    "answers a damaged state with a value, never with an exception",
    (state, at, flip) => {
      const bytes = Buffer.from(encodeKeyState(state));
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ flip;

      expect(["ok", "fail"]).toContain(decodeKeyState(bytes).type);
    },
  );
});
