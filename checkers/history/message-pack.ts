/**
 * A cursor over msgpack bytes: reads a value where it stands, or steps over it, and makes no object for either. It
 * knows what a recorder writes: maps, arrays, text, numbers, booleans and nil; for anything else it says no, and the
 * caller goes the slow way, through the library.
 *
 * https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export class MessageCursor {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** Exclusive. Nothing is read at or behind it. */
  end = 0;
  /** Of the text that was read last, within `bytes`. */
  textStart = 0;
  textEnd = 0;
  #view = new DataView(this.bytes.buffer);

  begin(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get isDone(): boolean {
    return this.at === this.end;
  }

  /** The number of pairs of the map that begins here, or -1. */
  mapSize(): number {
    return this.#size(0x80, 0x0f, 0xde);
  }

  /** The number of items of the array that begins here, or -1. */
  arraySize(): number {
    return this.#size(0x90, 0x0f, 0xdc);
  }

  #size(fixed: number, most: number, sized: number): number {
    const head = this.#head();
    if ((head & ~most) === fixed) return head & most;
    if (head === sized) return this.#unsigned(2);
    return head === sized + 1 ? this.#unsigned(4) : -1;
  }

  /** Whether text begins here; it is then from `textStart` to `textEnd`. */
  text(): boolean {
    const head = this.#head();
    const length = (head & 0xe0) === 0xa0 ? head & 0x1f : this.#textLength(head);
    if (length < 0 || this.at + length > this.end) return false;
    this.textStart = this.at;
    this.at += length;
    this.textEnd = this.at;
    return true;
  }

  #textLength(head: number): number {
    switch (head) {
      case 0xd9:
        return this.#unsigned(1);
      case 0xda:
        return this.#unsigned(2);
      case 0xdb:
        return this.#unsigned(4);
      default:
        return -1;
    }
  }

  /** The number that stands here; NaN when none does, or one that a double cannot hold exactly. */
  number(): number {
    const head = this.#head();
    if (head < 0x80) return head;
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xca:
        return this.#has(4) ? this.#view.getFloat32(this.at - 4) : Number.NaN;
      case 0xcb:
        return this.#has(8) ? this.#view.getFloat64(this.at - 8) : Number.NaN;
      case 0xcc:
        return this.#has(1) ? this.#view.getUint8(this.at - 1) : Number.NaN;
      case 0xcd:
        return this.#has(2) ? this.#view.getUint16(this.at - 2) : Number.NaN;
      case 0xce:
        return this.#has(4) ? this.#view.getUint32(this.at - 4) : Number.NaN;
      case 0xd0:
        return this.#has(1) ? this.#view.getInt8(this.at - 1) : Number.NaN;
      case 0xd1:
        return this.#has(2) ? this.#view.getInt16(this.at - 2) : Number.NaN;
      case 0xd2:
        return this.#has(4) ? this.#view.getInt32(this.at - 4) : Number.NaN;
      default:
        return Number.NaN;
    }
  }

  /** Whether nil stands here; if not, the cursor stays. */
  nil(): boolean {
    if (this.at >= this.end || this.bytes[this.at] !== 0xc0) return false;
    this.at += 1;
    return true;
  }

  /** Whether true stands here; undefined when neither true nor false does. */
  flag(): boolean | undefined {
    const head = this.#head();
    return head === 0xc2 ? false : head === 0xc3 ? true : undefined;
  }

  /** Steps over one value. False when it is none that a recorder writes. */
  skip(): boolean {
    for (let left = 1; left > 0; left--) {
      const inside = this.#step();
      if (inside < 0) return false;
      left += inside;
    }
    return true;
  }

  /** Steps over a head and what is not nested; how many values lie inside, or -1. */
  #step(): number {
    const head = this.bytes[this.at] ?? 0;
    const isMap = (head & 0xf0) === 0x80 || head === 0xde || head === 0xdf;
    if (isMap) return 2 * this.mapSize();
    if ((head & 0xf0) === 0x90 || head === 0xdc || head === 0xdd) return this.arraySize();
    if ((head & 0xe0) === 0xa0 || (head >= 0xd9 && head <= 0xdb)) return this.text() ? 0 : -1;
    if (head === 0xc0 || head === 0xc2 || head === 0xc3) return this.#has(1) ? 0 : -1;
    return Number.isNaN(this.number()) ? -1 : 0;
  }

  /** The byte here, gone past; 0xc1, which begins nothing, behind the end. */
  #head(): number {
    return this.at < this.end ? (this.bytes[this.at++] ?? 0xc1) : 0xc1;
  }

  /** Goes past `size` bytes when they are there. */
  #has(size: number): boolean {
    if (this.at + size > this.end) return false;
    this.at += size;
    return true;
  }

  /** -1 when the bytes are not there. */
  #unsigned(size: 1 | 2 | 4): number {
    if (!this.#has(size)) return -1;
    if (size === 1) return this.#view.getUint8(this.at - 1);
    return size === 2 ? this.#view.getUint16(this.at - 2) : this.#view.getUint32(this.at - 4);
  }
}

/** The fields of a record by the bytes of their names. */
export class FieldTable {
  readonly #names: readonly Uint8Array[];
  /** Length, first and last byte of a name -> its number. */
  readonly #numbers = new Map<number, number>();

  constructor(names: readonly string[]) {
    this.#names = names.map((name) => new TextEncoder().encode(name));
    for (const [number, name] of this.#names.entries())
      this.#numbers.set(codeOf(name, 0, name.length), number);
    if (this.#numbers.size < names.length) throw new RangeError("two fields look alike");
  }

  get size(): number {
    return this.#names.length;
  }

  /** -1 for a name that is none of them. */
  number(bytes: Uint8Array, start: number, end: number): number {
    const number = this.#numbers.get(codeOf(bytes, start, end)) ?? -1;
    const name = this.#names[number];
    if (name === undefined) return -1;
    for (let place = 0; place < name.length; place++) if (name[place] !== bytes[start + place]) return -1;
    return number;
  }

  /**
   * Where the value of each field of the map here begins, -1 for a field that is not there; the cursor goes past the
   * map. False for what is no such map, or has a field twice.
   */
  locate(cursor: MessageCursor, places: Int32Array): boolean {
    places.fill(-1);
    const size = cursor.mapSize();
    for (let pair = 0; pair < size; pair++) {
      if (!cursor.text()) return false;
      const number = this.number(cursor.bytes, cursor.textStart, cursor.textEnd);
      if (number >= 0) {
        if ((places[number] ?? 0) >= 0) return false;
        places[number] = cursor.at;
      }
      if (!cursor.skip()) return false;
    }
    return size >= 0;
  }
}

const codeOf = (bytes: Uint8Array, start: number, end: number): number =>
  ((end - start) << 16) | ((bytes[start] ?? 0) << 8) | (bytes[end - 1] ?? 0);
