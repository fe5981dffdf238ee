/**
 * Integers in bulk: a growing list of 32-bit integers and a checked way to read a typed array. Graphs of millions
 * of edges live in these; everything that is per edge goes through here and stays free of objects.
 */

/**
 * The cell at `index`, which the caller knows to be inside. Of one kind of array only: a function that has seen two
 * kinds is several times slower, and this one is called for every edge.
 */
export const cell = (cells: Int32Array, index: number): number => cells[index] as number;

/** A growing list of 32-bit integers. */
export class IntegerList {
  #cells = new Int32Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#cells.length) {
      const grown = new Int32Array(this.#cells.length * 2);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    this.#cells[this.#length++] = value;
  }

  at(index: number): number {
    return cell(this.#cells, index);
  }

  set(index: number, value: number): void {
    this.#cells[index] = value;
  }

  /** The integers so far: a view that a later push may leave behind. */
  view(): Int32Array {
    return this.#cells.subarray(0, this.#length);
  }
}

/** Groups `0 … keys.length - 1` by key: the members of key k are `items[starts[k]] … items[starts[k + 1] - 1]`. */
export type Grouping = { readonly starts: Int32Array; readonly items: Int32Array };

/** A counting sort; keys are `0 … keyCount - 1`, and -1 leaves an item out. Members keep their order. */
export const groupBy = (keys: Int32Array, keyCount: number): Grouping => {
  const starts = new Int32Array(keyCount + 1);
  for (let i = 0; i < keys.length; i++) {
    const key = cell(keys, i);
    if (key >= 0) starts[key + 1] = cell(starts, key + 1) + 1;
  }
  for (let key = 0; key < keyCount; key++) starts[key + 1] = cell(starts, key + 1) + cell(starts, key);
  const next = starts.slice();
  const items = new Int32Array(cell(starts, keyCount));
  for (let i = 0; i < keys.length; i++) {
    const key = cell(keys, i);
    if (key < 0) continue;
    const place = cell(next, key);
    next[key] = place + 1;
    items[place] = i;
  }
  return { starts, items };
};
