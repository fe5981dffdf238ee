/**
 * The framed protocol of the generator: a length of four bytes, big-endian, then one MessagePack array. Many requests
 * are under way on one connection; answers may come in any order.
 *
 *     request  [row, "get" | "put", key, value or nil]        answer  [row, "ok" | "fail" | "info"]
 */
import { Packr } from "msgpackr";

/** A longer frame ends the connection. */
export const frameBytesMax = 16 * 1024 * 1024;

const packr = new Packr({ useRecords: false });
const lengthBytes = 4;

export function frame(fields: readonly unknown[]): Buffer {
  const payload = packr.pack(fields);
  const framed = Buffer.allocUnsafe(lengthBytes + payload.length);
  framed.writeUInt32BE(payload.length);
  framed.set(payload, lengthBytes);
  return framed;
}

/** Cuts a stream of bytes into frames. What is no array, or too long, is an answer nobody can read: it throws. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** Calls back once a whole frame, in order. */
  push(chunk: Buffer, onFields: (fields: readonly unknown[]) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let from = 0;
    while (bytes.length - from >= lengthBytes) {
      const length = bytes.readUInt32BE(from);
      if (length > frameBytesMax) throw new RangeError(`a frame of ${length} bytes is too long`);
      const until = from + lengthBytes + length;
      if (bytes.length < until) break;
      const fields: unknown = packr.unpack(bytes.subarray(from + lengthBytes, until));
      if (!Array.isArray(fields)) throw new TypeError("a frame holds no array");
      onFields(fields);
      from = until;
    }
    this.#rest = bytes.subarray(from);
  }
}
