/**
 * Reads the fields of a decoded message one by one, checking the type of each.
 *
 * What arrives is an array of unknown values. Nothing throws: the first field of a wrong type marks the
 * reader as failed and every later read returns an empty value, so a decoder reads straight on and asks once,
 * at the end.
 */
import { decodeKeyState } from "../core/key-state-codec.ts";
import { emptyKeyState, type KeyState } from "../core/versions.ts";

const noBytes: Uint8Array = new Uint8Array(0);

export class FieldReader {
  readonly #fields: readonly unknown[];
  #at = 0;
  #hasFailed = false;

  /** `fields` may be anything; what is no array fails at once. */
  constructor(fields: unknown) {
    this.#fields = Array.isArray(fields) ? fields : [];
    this.#hasFailed = !Array.isArray(fields);
  }

  /** Every field was read and each was what it should be. */
  get isDone(): boolean {
    return !this.#hasFailed && this.#at === this.#fields.length;
  }

  fail(): void {
    this.#hasFailed = true;
  }

  /** The next field, whatever it is; undefined past the end. */
  any(): unknown {
    if (this.#at >= this.#fields.length) this.fail();
    return this.#fields[this.#at++];
  }

  text(): string {
    const field = this.any();
    if (typeof field === "string") return field;
    this.fail();
    return "";
  }

  /** A finite number >= 0. */
  number(): number {
    const field = this.any();
    if (typeof field === "number" && Number.isFinite(field) && field >= 0) return field;
    this.fail();
    return 0;
  }

  /** A whole number from 0 to 2^53 - 1. */
  count(): number {
    const value = this.number();
    if (!Number.isSafeInteger(value)) this.fail();
    return value;
  }

  flag(): boolean {
    const field = this.any();
    if (typeof field !== "boolean") this.fail();
    return field === true;
  }

  /** A view of the message's bytes, not a copy. */
  bytes(): Uint8Array {
    const field = this.any();
    if (field instanceof Uint8Array) return new Uint8Array(field.buffer, field.byteOffset, field.byteLength);
    this.fail();
    return noBytes;
  }

  state(): KeyState {
    const decoded = decodeKeyState(this.bytes());
    if (decoded.type === "ok") return decoded.value;
    this.fail();
    return emptyKeyState;
  }

  /** One of the names in `names`, the first of them on failure. */
  oneOf<T extends string>(names: readonly [T, ...T[]]): T {
    const field = this.any();
    const found = names.find((name) => name === field);
    if (found === undefined) this.fail();
    return found ?? names[0];
  }

  /** What `read` makes of the next field, or undefined where the field is null. */
  optional<T>(read: () => T): T | undefined {
    if (this.#fields[this.#at] === null) {
      this.#at++;
      return undefined;
    }
    return read();
  }

  /** A list whose items are plain fields, each read by `read`. */
  items<T>(read: (fields: FieldReader) => T): readonly T[] {
    const list = new FieldReader(this.any());
    const items: T[] = [];
    while (!list.#hasFailed && list.#at < list.#fields.length) items.push(read(list));
    if (!list.isDone) this.fail();
    return items;
  }

  /** A nested array of fields, all of which `read` must consume. */
  nested<T>(read: (fields: FieldReader) => T): T {
    const inner = new FieldReader(this.any());
    const value = read(inner);
    if (!inner.isDone) this.fail();
    return value;
  }
}
