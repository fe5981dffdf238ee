/**
 * Text kept once and called by number. A history says the same keys, nodes and write ids millions of times;
 * numbered, they fit in typed arrays and compare in one step.
 *
 * The text lies as UTF-8 in one growing array, and a hash table of our own finds it there, so that a journal's text is
 * numbered from its bytes and becomes a string only when somebody wants to read it. A string a name would cost
 * several times the memory, and most of the time of reading a journal.
 */
const hashPrime = 0x01000193;
const hashBasis = 0x811c9dc5 | 0;

export class Names {
  #arena = new Uint8Array(1 << 10);
  /** Number -> where its text ends in the arena; it starts where the one before ends. */
  #ends = new Int32Array(64);
  #hashes = new Int32Array(64);
  #count = 0;
  /** Number + 1 at the place of its hash or the next free one behind it; 0 is free. */
  #table = new Int32Array(128);
  readonly #texts: (string | undefined)[] = [];
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  readonly #encoder = new TextEncoder();
  #scratch = new Uint8Array(256);

  get count(): number {
    return this.#count;
  }

  /** The number of `name`, given out in order of first use, from 0. */
  number(name: string): number {
    const end = this.#encoded(name);
    return this.numberOfBytes(this.#scratch, 0, end);
  }

  /** The same for text as UTF-8. The bytes are copied when they are new. */
  numberOfBytes(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const place = this.#place(hash, bytes, start, end);
    const known = this.#table[place] ?? 0;
    return known > 0 ? known - 1 : this.#add(hash, place, bytes.subarray(start, end));
  }

  /** -1 when the name was never used. */
  find(name: string): number {
    const end = this.#encoded(name);
    return (this.#table[this.#place(hashOf(this.#scratch, 0, end), this.#scratch, 0, end)] ?? 0) - 1;
  }

  /** Throws on a number that was never given out: that is a mistake in a checker, not in a history. */
  name(number: number): string {
    const known = this.#texts[number];
    if (known !== undefined) return known;
    if (!(number >= 0 && number < this.#count)) throw new RangeError(`no name has the number ${number}`);
    const text = this.#decoder.decode(this.#arena.subarray(this.#start(number), this.#ends[number]));
    this.#texts[number] = text;
    return text;
  }

  names(): readonly string[] {
    return Array.from({ length: this.#count }, (_, number) => this.name(number));
  }

  /** Writes the name into the scratch array; returns its length. */
  #encoded(name: string): number {
    if (name.length * 3 > this.#scratch.length) this.#scratch = new Uint8Array(name.length * 6);
    return this.#encoder.encodeInto(name, this.#scratch).written;
  }

  #start(number: number): number {
    return number === 0 ? 0 : (this.#ends[number - 1] ?? 0);
  }

  /** Where the text stands in the table, or the free place where it would. */
  #place(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#table.length - 1;
    let place = hash & mask;
    for (let held = this.#table[place] ?? 0; held > 0; held = this.#table[place] ?? 0) {
      if (this.#hashes[held - 1] === hash && this.#isText(held - 1, bytes, start, end)) return place;
      place = (place + 1) & mask;
    }
    return place;
  }

  #isText(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#start(number);
    if ((this.#ends[number] ?? 0) - from !== end - start) return false;
    for (let place = start; place < end; place++)
      if (this.#arena[from + place - start] !== bytes[place]) return false;
    return true;
  }

  #add(hash: number, place: number, text: Uint8Array): number {
    const number = this.#count++;
    const start = this.#start(number);
    if (start + text.length > this.#arena.length)
      this.#arena = grown(this.#arena, Math.max(this.#arena.length * 2, start + text.length));
    this.#arena.set(text, start);
    if (number === this.#ends.length) {
      this.#ends = grown(this.#ends, number * 2);
      this.#hashes = grown(this.#hashes, number * 2);
    }
    this.#ends[number] = start + text.length;
    this.#hashes[number] = hash;
    this.#table[place] = number + 1;
    if (this.#count * 2 > this.#table.length) this.#rehash();
    return number;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2);
    const mask = table.length - 1;
    for (let number = 0; number < this.#count; number++) {
      let place = (this.#hashes[number] ?? 0) & mask;
      while ((table[place] ?? 0) > 0) place = (place + 1) & mask;
      table[place] = number + 1;
    }
    this.#table = table;
  }
}

/** FNV-1a, with its bits mixed so that the low ones depend on all. */
const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = hashBasis;
  for (let place = start; place < end; place++) hash = Math.imul(hash ^ (bytes[place] ?? 0), hashPrime);
  return hash ^ (hash >>> 15);
};

const grown = <Cells extends Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(
  cells: Cells,
  length: number,
): Cells => {
  const larger = (cells instanceof Uint8Array ? new Uint8Array(length) : new Int32Array(length)) as Cells;
  larger.set(cells);
  return larger;
};
