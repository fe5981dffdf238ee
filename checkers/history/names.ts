/**
 * Text kept once and called by number. A history says the same keys, nodes and write ids millions of times;
 * numbered, they fit in typed arrays and compare in one step.
 */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  get count(): number {
    return this.#names.length;
  }

  /** The number of `name`, given out in order of first use, from 0. */
  number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#names.length;
    const kept = detached(name);
    this.#numbers.set(kept, number);
    this.#names.push(kept);
    return number;
  }

  /** -1 when the name was never used. */
  find(name: string): number {
    return this.#numbers.get(name) ?? -1;
  }

  /** Throws on a number that was never given out: that is a mistake in a checker, not in a history. */
  name(number: number): string {
    const name = this.#names[number];
    if (name === undefined) throw new RangeError(`no name has the number ${number}`);
    return name;
  }

  names(): readonly string[] {
    return this.#names;
  }
}

/**
 * The same text in memory of its own. A decoder's strings are slices of the whole record they came in, and one kept
 * digest would keep a cart.
 */
const detached = (name: string): string => ` ${name}`.slice(1);
