/**
 * How a record looks on a disk: four bytes of CRC32C, little-endian, then the record itself.
 *
 *     [ crc32c(space / key, bytes) : 4 ][ bytes : 0.. ]
 *
 * The sum covers the name as well as the bytes, so that a record found under a wrong key is damage too. Engines
 * check blocks and logs of their own, but not on every read, and none of them can say which key was hit.
 */
import { crc32c } from "../core/crc32c.ts";
import type { ReadOutcome, Space } from "./storage.ts";

const headerBytes = 4;

/** The bytes to store for `bytes` under `key`. A copy: the caller may change `bytes` afterwards. */
export function frameRecord(space: Space, key: string, bytes: Uint8Array): Uint8Array {
  const framed = Buffer.allocUnsafe(headerBytes + bytes.length);
  framed.set(bytes, headerBytes);
  framed.writeUInt32LE(sumOf(space, key, bytes), 0);
  return framed;
}

/** What was stored, without copying: the bytes are a view into `framed`. */
export function unframeRecord(space: Space, key: string, framed: Uint8Array): ReadOutcome {
  if (framed.length < headerBytes) {
    return {
      type: "corrupt",
      reason: `the record has ${framed.length} bytes, too few for its checksum`,
      bytes: framed,
    };
  }
  const bytes = framed.subarray(headerBytes);
  const stored = new DataView(framed.buffer, framed.byteOffset, headerBytes).getUint32(0, true);
  return stored === sumOf(space, key, bytes)
    ? { type: "found", bytes }
    : { type: "corrupt", reason: "the record does not match its checksum", bytes: framed };
}

function sumOf(space: Space, key: string, bytes: Uint8Array): number {
  return crc32c(bytes, crc32c(Buffer.from(`${space}/${key}`)));
}
