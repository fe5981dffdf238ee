/**
 * A map whose key is two words of the code. Joining them into one text would cost more, at each of a dozen events of
 * a request, than what is counted.
 */
export class WordPairs<Value> {
  readonly #values = new Map<string, Map<string, Value>>();
  readonly #make: (first: string, second: string) => Value;

  constructor(make: (first: string, second: string) => Value) {
    this.#make = make;
  }

  /** The value of the pair, made when it is asked for first. */
  of(first: string, second: string): Value {
    let inner = this.#values.get(first);
    if (inner === undefined) {
      inner = new Map();
      this.#values.set(first, inner);
    }
    let value = inner.get(second);
    if (value === undefined) {
      value = this.#make(first, second);
      inner.set(second, value);
    }
    return value;
  }
}
