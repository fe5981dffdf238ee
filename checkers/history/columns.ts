/**
 * Growing typed arrays: one column a field, one row a request. A request as an object costs a kilobyte; as a row of
 * columns about two hundred bytes, which is what lets a history of millions be held and walked.
 */

type Cells = Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

const cellsOf = { byte: Uint8Array, integer: Int32Array, double: Float64Array } as const;

/** `byte` holds 0..255, `integer` 32 bits with sign, `double` exact integers to 2^53: times. */
export type ColumnKind = keyof typeof cellsOf;

export class Column {
  readonly #kind: ColumnKind;
  #cells: Cells;
  #length = 0;

  constructor(kind: ColumnKind) {
    this.#kind = kind;
    this.#cells = new cellsOf[kind](16);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#cells.length) {
      const grown = new cellsOf[this.#kind](this.#cells.length * 2);
      grown.set(this.#cells);
      this.#cells = grown;
    }
    this.#cells[this.#length++] = value;
  }

  /** Throws outside of the column: rows come from the history itself. */
  at(row: number): number {
    const value = row < this.#length ? this.#cells[row] : undefined;
    if (value === undefined) throw new RangeError(`row ${row} of ${this.#length}`);
    return value;
  }

  set(row: number, value: number): void {
    if (row >= this.#length) throw new RangeError(`row ${row} of ${this.#length}`);
    this.#cells[row] = value;
  }

  /** Rows `from` to `until`, exclusive: a view that later pushes may leave behind, not a copy. */
  slice(from: number, until: number): Cells {
    return this.#cells.subarray(from, Math.min(until, this.#length));
  }
}

/** A list of integers for each row, all lists in one column. Rows are appended in order and never change. */
export class Lists {
  readonly #items = new Column("integer");
  readonly #ends = new Column("integer");

  /** Appends the list of the next row. */
  push(list: ArrayLike<number>): void {
    for (let index = 0; index < list.length; index++) this.#items.push(list[index] ?? 0);
    this.#ends.push(this.#items.length);
  }

  get rows(): number {
    return this.#ends.length;
  }

  start(row: number): number {
    return row === 0 ? 0 : this.#ends.at(row - 1);
  }

  end(row: number): number {
    return this.#ends.at(row);
  }

  /** By position, `start(row)` to `end(row)` exclusive: for loops that must not allocate. */
  item(position: number): number {
    return this.#items.at(position);
  }

  /** The list of `row`, as a view. */
  at(row: number): Int32Array {
    return this.#items.slice(this.start(row), this.end(row)) as Int32Array;
  }
}

/** Row numbers by group, each group ascending. Two passes, no object a group. */
export class Groups {
  readonly #starts: Int32Array;
  readonly #rows: Int32Array;

  /** `groupOf` gives a row's group, 0 to `groupCount` exclusive, or -1 for none. */
  constructor(rowCount: number, groupCount: number, groupOf: (row: number) => number) {
    const starts = new Int32Array(groupCount + 1);
    let members = 0;
    for (let row = 0; row < rowCount; row++) {
      const group = groupOf(row);
      if (group < 0) continue;
      starts[group + 1] = (starts[group + 1] ?? 0) + 1;
      members += 1;
    }
    for (let group = 0; group < groupCount; group++) {
      starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
    }
    const rows = new Int32Array(members);
    const next = starts.slice();
    for (let row = 0; row < rowCount; row++) {
      const group = groupOf(row);
      if (group < 0) continue;
      const place = next[group] ?? 0;
      rows[place] = row;
      next[group] = place + 1;
    }
    this.#starts = starts;
    this.#rows = rows;
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  /** Empty for a group that does not exist. */
  rows(group: number): Int32Array {
    return this.#rows.subarray(this.#starts[group] ?? 0, this.#starts[group + 1] ?? this.#starts[group] ?? 0);
  }
}
