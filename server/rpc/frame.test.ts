import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numRuns } from "../core/state-fixture.ts";
import { encodeFrame, FrameDecoder } from "./frame.ts";
import { checksum } from "./frame-guard.ts";

const payload = Buffer.from("payload");

/** Length and checksum. */
const frameHeaderBytes = 8;

describe("frames", () => {
  it("carry a payload behind its length and checksum", () => {
    const frame = encodeFrame(payload);

    expect(frame).toHaveLength(frameHeaderBytes + payload.length);
    expect(new FrameDecoder().push(frame)).toEqual({ type: "ok", frames: [payload] });
  });

  it("are never empty, or zeros would be frames for as long as they come", () => {
    expect(new FrameDecoder().push(Buffer.alloc(80))).toEqual({
      type: "fail",
      frames: [],
      reason: "an empty frame",
    });
  });

  it("come out whole and in order, however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
        (payloads, lengths) => {
          const stream = Buffer.concat(payloads.map((one) => encodeFrame(one)));
          const decoder = new FrameDecoder();
          const frames: Uint8Array[] = [];

          for (let at = 0, turn = 0; at < stream.length; turn++) {
            const length = lengths[turn % lengths.length] ?? 1;
            const pushed = decoder.push(stream.subarray(at, at + length));
            expect(pushed.type).toBe("ok");
            frames.push(...pushed.frames);
            at += length;
          }

          expect(frames.map((frame) => [...frame])).toEqual(payloads.map((one) => [...one]));
        },
      ),
      { numRuns: numRuns(300) },
    );
  });

  it("end the stream at the first damaged one, and hand out those before it", () => {
    const damaged = Buffer.from(encodeFrame(payload));
    damaged[frameHeaderBytes] = 0;
    const decoder = new FrameDecoder();
    const failure = { type: "fail", reason: "a frame whose tag does not fit its bytes" };

    expect(decoder.push(Buffer.concat([encodeFrame(payload), damaged]))).toEqual({
      ...failure,
      frames: [payload],
    });
    expect(decoder.push(encodeFrame(payload))).toEqual({ ...failure, frames: [] });
  });

  it("are refused by their header when they are too large, before their bytes are held", () => {
    const decoder = new FrameDecoder(checksum, 6);

    expect(decoder.push(encodeFrame(payload).subarray(0, frameHeaderBytes))).toEqual({
      type: "fail",
      frames: [],
      reason: "a frame of 7 bytes where at most 6 are allowed",
    });
  });
});
