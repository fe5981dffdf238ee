/** The raw dumps of every key on every node, as rows of columns: a run has some hundred thousand of them. */
import { Column, Lists } from "./columns.ts";
import type { Dump } from "./event.ts";
import { Names } from "./names.ts";
import type { Vocabulary } from "./rows.ts";

export class Dumps {
  readonly #words: Vocabulary;
  readonly #states = new Names();
  /** Lists of homes, each as its members joined by a line feed. */
  readonly #homeLists = new Names();
  readonly #nodes = new Column("integer");
  readonly #keys = new Column("integer");
  readonly #homes = new Column("integer");
  readonly #stateNumbers = new Column("integer");
  readonly #observed = new Lists();
  readonly #digests = new Lists();
  readonly #tombstones = new Lists();

  constructor(words: Vocabulary) {
    this.#words = words;
  }

  get count(): number {
    return this.#nodes.length;
  }

  /** Only the history's builder adds. */
  add(dump: Dump): void {
    const words = this.#words;
    this.#nodes.push(words.nodes.number(dump.node));
    this.#keys.push(words.keys.number(dump.key));
    this.#homes.push(this.#homeLists.number([...dump.homes].toSorted().join("\n")));
    this.#stateNumbers.push(this.#states.number(dump.state));
    this.#observed.push(
      dump.observed.map(({ write }) => (write === null ? -1 : words.versions.number(write))),
    );
    this.#digests.push(dump.observed.map(({ digest }) => words.digests.number(digest)));
    this.#tombstones.push(dump.tombstones.map((write) => words.versions.number(write)));
  }

  node(row: number): number {
    return this.#nodes.at(row);
  }
  key(row: number): number {
    return this.#keys.at(row);
  }
  /** Number of the list of homes: equal lists, equal numbers, whatever their order. */
  homesNumber(row: number): number {
    return this.#homes.at(row);
  }
  /** Sorted. */
  homes(row: number): readonly string[] {
    const list = this.#homeLists.name(this.#homes.at(row));
    return list === "" ? [] : list.split("\n");
  }
  /** Number of the state's digest: equal states, equal numbers. */
  state(row: number): number {
    return this.#stateNumbers.at(row);
  }
  /** The state's digest itself. */
  stateName(row: number): string {
    return this.#states.name(this.state(row));
  }
  /** -1 where the bytes name no write. */
  observed(row: number): Int32Array {
    return this.#observed.at(row);
  }
  digests(row: number): Int32Array {
    return this.#digests.at(row);
  }
  tombstones(row: number): Int32Array {
    return this.#tombstones.at(row);
  }
}
