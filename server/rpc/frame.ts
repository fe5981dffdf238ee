/**
 * Frames on a byte stream: where a message begins and ends, and whether it arrived whole.
 *
 *     length of payload, 4, big-endian | tag of the frame's guard, 4 or 16 | payload
 *
 * The first bad frame ends the stream: after a wrong length nobody can tell where the next frame starts.
 */
import { checksum, type FrameGuard } from "./frame-guard.ts";

const lengthBytes = 4;

/** Largest payload unless told otherwise: a value of 1 MiB with siblings and envelope fits. */
export const framePayloadBytesMax = 16 * 1024 * 1024;

/** One frame around `payload`. */
export function encodeFrame(payload: Uint8Array, guard: FrameGuard = checksum): Uint8Array {
  return encodeFrames([payload], guard);
}

/** Frames around `payloads`, in their order, as one piece. */
export function encodeFrames(payloads: readonly Uint8Array[], guard: FrameGuard): Uint8Array {
  const headerBytes = lengthBytes + guard.tagBytes;
  const bytes = payloads.reduce((sum, payload) => sum + headerBytes + payload.length, 0);
  const frames = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const payload of payloads) {
    frames.writeUInt32BE(payload.length, at);
    frames.set(guard.tag(payload), at + lengthBytes);
    frames.set(payload, at + headerBytes);
    at += headerBytes + payload.length;
  }
  return frames;
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
  readonly #guard: FrameGuard;
  readonly #headerBytes: number;
  readonly #payloadBytesMax: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Nothing can be done before so many bytes are held. */
  #wantedBytes: number;
  #failure: string | undefined;

  constructor(guard: FrameGuard = checksum, payloadBytesMax = framePayloadBytesMax) {
    this.#guard = guard;
    this.#headerBytes = lengthBytes + guard.tagBytes;
    this.#payloadBytesMax = payloadBytesMax;
    this.#wantedBytes = this.#headerBytes;
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
    const frameBytes = this.#headerBytes + payloadBytes;
    // No message is empty, and a stream of zeros would else be one good frame after another.
    if (payloadBytes === 0) {
      this.#failure = "an empty frame";
      return undefined;
    }
    if (payloadBytes > this.#payloadBytesMax) {
      this.#failure = `a frame of ${payloadBytes} bytes where at most ${this.#payloadBytesMax} are allowed`;
      return undefined;
    }
    if (bytes.length < frameBytes) {
      this.#wantedBytes = frameBytes;
      return undefined;
    }
    const payload = bytes.subarray(this.#headerBytes, frameBytes);
    if (!this.#guard.isGenuine(payload, bytes.subarray(lengthBytes, this.#headerBytes))) {
      this.#failure = "a frame whose tag does not fit its bytes";
      return undefined;
    }
    this.#held = bytes.length === frameBytes ? [] : [bytes.subarray(frameBytes)];
    this.#heldBytes = bytes.length - frameBytes;
    this.#wantedBytes = this.#headerBytes;
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
