/**
 * Reads what `ByteWriter` wrote, from bytes that may be anything.
 *
 * Nothing throws: the first impossible read marks the reader as failed, and from then on every read returns
 * an empty value. So a decoder reads straight on and asks once, at the end, whether it all was true. Counts
 * must be bounded by `count`, which refuses a number of items that the bytes left could not hold.
 */
const noBytes: Uint8Array = new Uint8Array(0);

export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;
  #hasFailed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Everything was read and nothing failed. */
  get isDone(): boolean {
    return !this.#hasFailed && this.#at === this.#bytes.length;
  }

  get position(): number {
    return this.#at;
  }

  fail(): void {
    this.#hasFailed = true;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined || this.#hasFailed) {
      this.#hasFailed = true;
      return 0;
    }
    this.#at++;
    return value;
  }

  /** Only the shortest form of a number up to 2^53 - 1 is accepted, so that equal values have equal bytes. */
  varint(): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 128 && !this.#hasFailed) {
      this.#at++;
      return first;
    }
    return this.#longVarint();
  }

  /** A number of items of at least `itemBytesMin` bytes each. */
  count(itemBytesMin = 1): number {
    const value = this.varint();
    if (value * itemBytesMin > this.#bytes.length - this.#at) this.fail();
    return this.#hasFailed ? 0 : value;
  }

  double(): number {
    if (!this.#has(8)) return 0;
    const value = this.#bytes.readDoubleBE(this.#at);
    this.#at += 8;
    return value;
  }

  text(): string {
    const length = this.count();
    const start = this.#at;
    this.#at += length;
    if (length === 0) return "";
    return this.#bytes.toString("utf8", start, this.#at);
  }

  /** A view of the bytes, not a copy. */
  bytes(): Uint8Array {
    return this.raw(this.count());
  }

  /** A view of the next `byteCount` bytes. */
  raw(byteCount: number): Uint8Array {
    if (!this.#has(byteCount)) return noBytes;
    const view = new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, byteCount);
    this.#at += byteCount;
    return view;
  }

  /** Past bytes that nobody wants. */
  skip(byteCount: number): void {
    if (this.#has(byteCount)) this.#at += byteCount;
  }

  /** A view of what was read since `start`, an earlier position. */
  since(start: number): Buffer {
    return this.#bytes.subarray(start, this.#at);
  }

  #longVarint(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 8; index++) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) {
        if ((byte === 0 && index > 0) || value > Number.MAX_SAFE_INTEGER) this.fail();
        return this.#hasFailed ? 0 : value;
      }
      scale *= 128;
    }
    this.fail();
    return 0;
  }

  #has(byteCount: number): boolean {
    if (this.#at + byteCount > this.#bytes.length) this.#hasFailed = true;
    return !this.#hasFailed;
  }
}
