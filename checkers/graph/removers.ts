/** Which versions took a tag out, having observed it. Computed once for each history. */
import { Column, Groups } from "../history/columns.ts";
import type { History } from "../history/history.ts";

export class Removers {
  readonly #versions = new Column("integer");
  readonly #groups: Groups;

  constructor({ written }: History) {
    const tags = new Column("integer");
    for (let version = 0; version < written.count; version++) {
      for (const tag of written.removed(version)) {
        tags.push(tag);
        this.#versions.push(version);
      }
    }
    this.#groups = new Groups(tags.length, written.tagCount, (row) => tags.at(row));
  }

  /** Versions whose writers had observed `tag` and took it out, in order of their numbers. */
  of(tag: number): number[] {
    return Array.from(this.#groups.rows(tag), (row) => this.#versions.at(row));
  }

  hasAny(tag: number): boolean {
    return this.#groups.rows(tag).length > 0;
  }
}

const known = new WeakMap<History, Removers>();

export const removersOf = (history: History): Removers => {
  const found = known.get(history) ?? new Removers(history);
  known.set(history, found);
  return found;
};
