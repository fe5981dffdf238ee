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

/**
 * `frames` are the payloads completed by this push, whole and checked; after `fail` the stream is of no use.
 */
export type Pushed =
  | { readonly type: "ok"; readonly frames: readonly Uint8Array[] }
  | { readonly type: "fail"; readonly frames: readonly Uint8Array[]; readonly reason: string };

/**
 * Cuts a stream into payloads. Holds at most one unfinished frame; payloads may be views of what was pushed.
 */
export class FrameDecoder {
  readonly #payloadBytesMax: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Nothing can be done before so many bytes are held. */
  #wantedBytes = frameHeaderBytes;
  #failure: string | undefined;

  constructor(payloadBytesMax = framePayloadBytesMax) {
    this.#payloadBytesMax = payloadBytesMax;
  }

  /** Takes the next bytes of the stream, in pieces of any size. */
  push(chunk: Uint8Array): Pushed {
    const frames: Uint8Array[] = [];
    if (this.#failure !== undefined) return { type: "fail", frames, reason: this.#failure };
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
    while (this.#failure === undefined && this.#heldBytes >= this.#wantedBytes) {
      const frame = this.#next();
      if (frame !== undefined) frames.push(frame);
    }
    if (this.#failure === undefined) return { type: "ok", frames };
    this.#held = [];
    return { type: "fail", frames, reason: this.#failure };
  }

  /** With the header at hand, asks for the whole frame; with the whole frame, returns its payload. */
  #next(): Uint8Array | undefined {
    const bytes = this.#join();
    const payloadBytes = bytes.readUInt32BE(0);
    const frameBytes = frameHeaderBytes + payloadBytes;
    if (payloadBytes > this.#payloadBytesMax) {
      this.#failure = `a frame of ${payloadBytes} bytes where at most ${this.#payloadBytesMax} are allowed`;
      return undefined;
    }
    if (bytes.length < frameBytes) {
      this.#wantedBytes = frameBytes;
      return undefined;
    }
    const payload = bytes.subarray(frameHeaderBytes, frameBytes);
    if (crc32c(payload) !== bytes.readUInt32BE(4)) {
      this.#failure = "a frame whose checksum does not fit its bytes";
      return undefined;
    }
    this.#held = bytes.length === frameBytes ? [] : [bytes.subarray(frameBytes)];
    this.#heldBytes = bytes.length - frameBytes;
    this.#wantedBytes = frameHeaderBytes;
    return payload;
  }

  /**
   * All held bytes as one buffer. Only called when a header or a frame is complete: bytes are copied twice at
   * most.
   */
  #join(): Buffer {
    const [only, ...more] = this.#held;
    const joined =
      only !== undefined && more.length === 0
        ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
        : Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [joined];
    return joined;
  }
}
