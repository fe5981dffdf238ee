/**
 * Operations on single registers as columns, one row an operation: read, write and compare-and-set, of one register
 * or of many. Streams in record by record; what was never answered may still take effect.
 *
 * Left out: a read that failed or was never answered, and a write that failed. A compare-and-set that failed did
 * nothing, and, when it is known to have failed for want of the expected value, says that the value was another.
 */
import { type Atom, atomOf, atomText, type Datum, isSequence } from "../exchange/datum.ts";
import type { HistoryRecord, ReadProblem } from "../exchange/history-record.ts";
import { IntegerList } from "../graph/integers.ts";
import { Notes } from "../transactions/notes.ts";

export const operationKind = { read: 0, write: 1, compareAndSet: 2, mismatch: 3 } as const;

export type RegisterFormat = {
  /** `one`: values belong to one register. `tuple`: every value is [key, value], as Jepsen's independent keys are. */
  readonly keys: "one" | "tuple";
  /** What a failed compare-and-set says: that the value was not the expected one, or nothing. */
  readonly failedCompareAndSet: "mismatch" | "nothing";
};

type Pending = {
  readonly position: number;
  readonly line: number;
  readonly value: Datum;
  readonly f: string;
};

export class RegisterHistory {
  readonly notes = new Notes();
  readonly keys: Atom[] = [];
  readonly key = new IntegerList();
  readonly kind = new IntegerList();
  /** What was read or written, and what a compare-and-set expected, as numbers of `values`. */
  readonly value = new IntegerList();
  readonly expected = new IntegerList();
  /** Positions of beginning and end; -1 for an operation that was never answered. */
  readonly from = new IntegerList();
  readonly until = new IntegerList();
  readonly line = new IntegerList();
  /** Number 0 is nil, which every register starts as. */
  readonly values: Atom[] = [null];
  isOrdered = true;
  positionCount = 0;
  readonly #format: RegisterFormat;
  readonly #keyNumbers = new Map<Atom, number>();
  readonly #valueNumbers = new Map<Atom, number>([[null, 0]]);
  readonly #pending = new Map<number, Pending>();
  #lastTime = -1;

  constructor(format: RegisterFormat) {
    this.#format = format;
  }

  add(record: HistoryRecord): void {
    const { process, type, line, time } = record;
    if (typeof process !== "number") return;
    if (time >= 0 && time < this.#lastTime) {
      if (this.isOrdered) this.notes.add(`line ${line}: time goes backwards, so realtime order is not known`);
      this.isOrdered = false;
    }
    this.#lastTime = Math.max(this.#lastTime, time);
    const position = this.positionCount++;
    const pending = this.#pending.get(process);
    if (type === "invoke") {
      if (pending !== undefined) {
        this.notes.add(`line ${line}: process ${process} invokes while its last operation is open`);
        this.#unanswered(pending);
      }
      this.#pending.set(process, { position, line, value: record.value, f: record.f });
      return;
    }
    if (pending === undefined) {
      this.notes.add(`line ${line}: process ${process} completes what it never invoked`);
      return;
    }
    this.#pending.delete(process);
    if (type === "info") this.#unanswered(pending);
    else if (type === "fail") this.#failed(pending, position);
    else this.#answered(pending, record, position);
  }

  addProblem({ line, reason, isTorn }: ReadProblem): void {
    this.notes.add(isTorn ? `the file ends in the middle of line ${line}` : `line ${line}: ${reason}`);
  }

  finish(): void {
    for (const pending of this.#pending.values()) this.#unanswered(pending);
    this.#pending.clear();
  }

  get count(): number {
    return this.key.length;
  }

  /** "read 3 (line 7)". */
  tell(operation: number): string {
    const shown = (number: number): string => atomText(this.values[number] ?? null);
    const value = shown(this.value.at(operation));
    const expected = shown(this.expected.at(operation));
    const what = [
      `read ${value}`,
      `wrote ${value}`,
      `set ${expected} to ${value}`,
      `did not find ${expected}`,
    ];
    return `${what[this.kind.at(operation)] ?? ""} (line ${this.line.at(operation)})`;
  }

  #answered(pending: Pending, record: HistoryRecord, until: number): void {
    const value = record.value ?? pending.value;
    if (pending.f === "read") this.#push(pending, value, operationKind.read, until);
    else this.#push(pending, pending.f === "cas" ? pending.value : value, kindNamed(pending.f), until);
  }

  #unanswered(pending: Pending): void {
    if (pending.f !== "read") this.#push(pending, pending.value, kindNamed(pending.f), -1);
  }

  #failed(pending: Pending, until: number): void {
    if (pending.f === "cas" && this.#format.failedCompareAndSet === "mismatch")
      this.#push(pending, pending.value, operationKind.mismatch, until);
  }

  #push({ position, line, f }: Pending, keyed: Datum, kind: number | undefined, until: number): void {
    const isTuple = this.#format.keys === "tuple";
    const [name, value] = isTuple && isSequence(keyed) ? [keyed[0] ?? null, keyed[1] ?? null] : [null, keyed];
    const isPair = isSequence(value) && value.length === 2;
    const isSwap = kind === operationKind.compareAndSet || kind === operationKind.mismatch;
    if (kind === undefined || (isTuple && !isSequence(keyed)) || (isSwap && !isPair)) {
      this.notes.add(
        `line ${line}: ${kind === undefined ? `unknown operation ${f}` : "a value of another shape"}`,
      );
      return;
    }
    this.key.push(numberOf(this.#keyNumbers, this.keys, atomOf(name)));
    this.kind.push(kind);
    const [before, after] = isSwap && isPair ? [value[0] ?? null, value[1] ?? null] : [null, value];
    this.value.push(numberOf(this.#valueNumbers, this.values, atomOf(after)));
    this.expected.push(numberOf(this.#valueNumbers, this.values, atomOf(before)));
    this.from.push(position);
    this.until.push(until);
    this.line.push(line);
  }
}

const kindNamed = (f: string): number | undefined =>
  f === "read"
    ? operationKind.read
    : f === "write"
      ? operationKind.write
      : f === "cas"
        ? operationKind.compareAndSet
        : undefined;

const numberOf = (numbers: Map<Atom, number>, names: Atom[], name: Atom): number => {
  const known = numbers.get(name);
  if (known !== undefined) return known;
  numbers.set(name, names.length);
  return names.push(name) - 1;
};
