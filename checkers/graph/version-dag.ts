/**
 * Who was built on whom: the versions of a key as a graph, from nothing but the parents that the values themselves
 * name. The store's clocks and contexts are the accused and are not asked.
 *
 * cover(v) is v and all its ancestors, exactly. A maximum per writer would claim too much: when a session's first
 * write is lost and its second was made without having seen the first, the maximum calls the first one covered.
 *
 * Versions of a key are numbered by position in order of invocation. A writer can only name what it has read, so
 * parents come first, and covers follow from one pass; where a damaged history says otherwise, the pass follows the
 * graph instead, and a cycle is cut where it closes (`phantoms` reports the value from the future).
 */
import { Lists } from "../history/columns.ts";
import type { History } from "../history/history.ts";
import { contains, type Intervals, including, union } from "./intervals.ts";

/** Numbers kept for the covers of one key; a key beyond it is not judged read by read. */
export const coverCellsMax = 50_000_000;

export class VersionDag {
  readonly #history: History;
  /** Version -> its position among its key's versions, -1 when nobody wrote it. */
  readonly #positions: Int32Array;
  #lastKey: KeyDag | undefined;

  constructor(history: History) {
    this.#history = history;
    this.#positions = new Int32Array(history.written.count).fill(-1);
    const next = new Int32Array(history.keys.count);
    for (let row = 0; row < history.requests.count; row++) {
      const version = history.requests.version(row);
      if (version < 0 || history.written.row(version) !== row) continue;
      const key = history.requests.key(row);
      const position = next[key] ?? 0;
      this.#positions[version] = position;
      next[key] = position + 1;
    }
  }

  /** Keeps the last one asked for, so that checkers that walk key by key share nothing they must clear. */
  key(key: number): KeyDag {
    if (this.#lastKey?.key !== key) this.#lastKey = new KeyDag(this.#history, key, this.#positions);
    return this.#lastKey;
  }
}

const dags = new WeakMap<History, VersionDag>();

/** Computed once for each history. */
export const versionDagOf = (history: History): VersionDag => {
  const known = dags.get(history);
  if (known !== undefined) return known;
  const dag = new VersionDag(history);
  dags.set(history, dag);
  return dag;
};

/** The versions of one key. */
export class KeyDag {
  readonly key: number;
  /** Position -> version. */
  readonly versions: readonly number[];
  readonly #history: History;
  readonly #positions: Int32Array;
  #covers: Lists | undefined;
  /** Position -> row in `#covers`. */
  #slots: Int32Array = new Int32Array(0);
  #coverCells = 0;

  constructor(history: History, key: number, positions: Int32Array) {
    this.key = key;
    this.#history = history;
    this.#positions = positions;
    const versions: number[] = [];
    for (const row of history.rowsOfKey(key)) {
      const version = history.requests.version(row);
      if (version >= 0 && history.written.row(version) === row) versions.push(version);
    }
    this.versions = versions;
  }

  /** -1 for a version that nobody wrote, or that belongs to another key. */
  position(version: number): number {
    const row = version < 0 ? -1 : this.#history.written.row(version);
    return row >= 0 && this.#history.requests.key(row) === this.key ? (this.#positions[version] ?? -1) : -1;
  }

  /** Positions of the parents that are versions of this key. */
  parents(position: number): number[] {
    const parents: number[] = [];
    for (const parent of this.#history.written.parents(this.versions[position] ?? -1)) {
      const at = this.position(parent);
      if (at >= 0) parents.push(at);
    }
    return parents;
  }

  /** Marks, by position, of `seeds` and all their ancestors. One backward walk, whatever the graph's shape. */
  reached(seeds: Iterable<number>): Uint8Array {
    const marks = new Uint8Array(this.versions.length);
    const waiting: number[] = [];
    const mark = (position: number): void => {
      if (position < 0 || marks[position] === 1) return;
      marks[position] = 1;
      waiting.push(position);
    };
    for (const seed of seeds) mark(this.position(seed));
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const parent of this.parents(at)) mark(parent);
    }
    return marks;
  }

  /** Marks, by position, of what was built on any of `seeds`, directly or not; of a seed itself only if it was, too. */
  builtOn(seeds: Iterable<number>): Uint8Array {
    const isSeed = new Uint8Array(this.versions.length);
    for (const seed of seeds) if (this.position(seed) >= 0) isSeed[this.position(seed)] = 1;
    const marks = new Uint8Array(this.versions.length);
    for (const position of this.#parentsFirst()) {
      if (this.parents(position).some((parent) => isSeed[parent] === 1 || marks[parent] === 1))
        marks[position] = 1;
    }
    return marks;
  }

  /** False when the covers of this key would take more than `coverCellsMax` numbers. */
  hasCovers(): boolean {
    this.#coverAll();
    return this.#coverCells <= coverCellsMax;
  }

  /** The positions of a version of this key and of all its ancestors. */
  cover(position: number): Intervals {
    const covers = this.#coverAll();
    const slot = this.#slots[position] ?? -1;
    return slot < 0 ? [] : covers.at(slot);
  }

  /** The union of the covers of what a read returned; what is no version of this key covers nothing. */
  coverOf(...seen: readonly Iterable<number>[]): Intervals {
    let whole: Intervals = [];
    for (const versions of seen) {
      for (const version of versions) {
        const position = this.position(version);
        if (position >= 0) whole = union(whole, this.cover(position));
      }
    }
    return whole;
  }

  /** Whether `version` is in `cover`. */
  covers(cover: Intervals, version: number): boolean {
    const position = this.position(version);
    return position >= 0 && contains(cover, position);
  }

  #coverAll(): Lists {
    if (this.#covers !== undefined) return this.#covers;
    const covers = new Lists();
    this.#covers = covers;
    this.#slots = new Int32Array(this.versions.length).fill(-1);
    for (const position of this.#parentsFirst()) {
      let cover: Intervals = [];
      for (const parent of this.parents(position)) {
        const slot = this.#slots[parent] ?? -1;
        if (slot >= 0) cover = union(cover, covers.at(slot));
      }
      const whole = including(cover, position);
      this.#coverCells += whole.length;
      if (this.#coverCells > coverCellsMax) break;
      this.#slots[position] = covers.rows;
      covers.push(whole);
    }
    return covers;
  }

  /** Positions so that parents come before children: ascending, unless some parent was invoked after its child. */
  #parentsFirst(): Iterable<number> {
    const ascending = this.versions.keys();
    for (const position of this.versions.keys()) {
      if (this.parents(position).some((parent) => parent >= position)) return this.#postOrder();
    }
    return ascending;
  }

  #postOrder(): number[] {
    const order: number[] = [];
    const isEntered = new Uint8Array(this.versions.length);
    for (const start of this.versions.keys()) {
      const path = isEntered[start] === 1 ? [] : [{ position: start, left: this.parents(start) }];
      isEntered[start] = 1;
      for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
        const parent = top.left.pop();
        if (parent === undefined) {
          order.push(top.position);
          path.pop();
        } else if (isEntered[parent] !== 1) {
          isEntered[parent] = 1;
          path.push({ position: parent, left: this.parents(parent) });
        }
      }
    }
    return order;
  }
}
