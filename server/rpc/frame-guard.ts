/**
 * What proves that a frame arrived as it was sent: a tag that goes before its payload.
 *
 * Without a secret it is a checksum, against accidents. With one it is a seal: an HMAC-SHA-256 under a key of this
 * connection and this direction, over the number of the frame and its payload. A frame that is changed, repeated,
 * left out, moved, or taken from another connection then has no valid seal, and the first bad frame ends the
 * connection.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { crc32c } from "../core/crc32c.ts";

/** Tags of one direction of one connection, one call a frame, in their order. */
export interface FrameGuard {
  /** Length of every tag. */
  readonly tagBytes: number;
  /** The tag of the next frame to be sent. */
  tag(payload: Uint8Array): Uint8Array;
  /** Whether `tag` is that of the next frame to arrive. */
  isGenuine(payload: Uint8Array, tag: Uint8Array): boolean;
}

/** CRC-32C, big-endian. Keeps no state: one for all connections. */
export const checksum: FrameGuard = {
  tagBytes: 4,
  tag: (payload) => {
    const tag = Buffer.allocUnsafe(4);
    tag.writeUInt32BE(crc32c(payload), 0);
    return tag;
  },
  isGenuine: (payload, tag) =>
    Buffer.from(tag.buffer, tag.byteOffset, tag.byteLength).readUInt32BE(0) === crc32c(payload),
};

/** Half of the hash: a forger has one try a connection. */
const sealBytes = 16;

export class FrameSeal implements FrameGuard {
  readonly tagBytes = sealBytes;
  readonly #key: Uint8Array;
  #frameIndex = 0n;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  tag(payload: Uint8Array): Uint8Array {
    const index = Buffer.allocUnsafe(8);
    index.writeBigUInt64BE(this.#frameIndex++, 0);
    return createHmac("sha256", this.#key).update(index).update(payload).digest().subarray(0, sealBytes);
  }

  isGenuine(payload: Uint8Array, tag: Uint8Array): boolean {
    return timingSafeEqual(this.tag(payload), tag);
  }
}
