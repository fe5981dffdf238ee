/**
 * Writes the compact binary forms of this store: variable-length numbers, length-prefixed text and bytes.
 *
 * One writer grows as needed and is used again and again, since encoding is on the path of every write;
 * `finish` copies the result out and starts anew. A class with state, for speed; what it makes depends on its
 * calls alone.
 */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = 4096) {
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53 - 1 in 1 to 8 bytes: seven bits a byte, least significant first. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** Eight bytes, IEEE 754, big-endian. */
  double(value: number): void {
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  /** Length and UTF-8. Unpaired surrogates become U+FFFD. */
  text(value: string): void {
    if (value.length <= 16 && this.#shortAscii(value)) return;
    const byteLength = Buffer.byteLength(value);
    this.varint(byteLength);
    this.#reserve(byteLength);
    this.#length += this.#buffer.write(value, this.#length, "utf8");
  }

  /** Length and bytes. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** Bytes without a length. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** What was written so far, as a view that the next call may overwrite. */
  peek(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** A copy of what was written; the writer is empty afterwards. */
  finish(): Buffer {
    const written = Buffer.from(this.peek());
    this.clear();
    return written;
  }

  clear(): void {
    this.#length = 0;
  }

  /** Short ASCII, most of what is written, goes faster in a loop than through the encoder. */
  #shortAscii(value: string): boolean {
    this.#reserve(1 + value.length);
    const start = this.#length;
    this.#buffer[start] = value.length;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 127) return false;
      this.#buffer[start + 1 + index] = code;
    }
    this.#length = start + 1 + value.length;
    return true;
  }

  #reserve(byteCount: number): void {
    const needed = this.#length + byteCount;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
