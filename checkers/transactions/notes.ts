/** What was odd about an input: the first few in full, all counted. And counts as a person reads them. */

const kept = 5;

/** "12,431". Unlike `toLocaleString` it does not load a table of languages first. */
export const countText = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

export class Notes {
  readonly #first: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(note: string): void {
    if (this.#first.length < kept) this.#first.push(note);
    this.#count++;
  }

  /** One clause, "" when there is nothing to note. */
  text(): string {
    const more = this.#count - this.#first.length;
    return this.#first.join("; ") + (more > 0 ? `; and ${more} more` : "");
  }
}
