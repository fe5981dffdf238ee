/**
 * Is there an order of the operations on one register that agrees with time and values? The search of Wing and Gong
 * (1993), with Lowe's memory of the configurations already seen (2017): operations are taken out of a doubly linked
 * list of calls and returns, tried, and put back; a set of taken operations with a state that was seen before is
 * not tried again. Exponential at worst, so it runs within a budget.
 *
 * Three things are particular to registers. An operation that changes nothing and fits now is taken at once, with no
 * other choice to come back to: every order in which it comes later has one in which it comes now. What was never
 * answered and cannot matter, as nobody saw its value, is left out. And of unanswered operations that are the same
 * but for their beginning, the earlier one is taken first.
 *
 * Used where writes repeat or values are compared and set; unique writes have zones.ts.
 */
import { cell } from "../graph/integers.ts";
import { operationKind } from "./register-history.ts";

/** One register's operations; `until` is -1 for one that was never answered. */
export type RegisterOperations = {
  readonly kind: Int32Array;
  readonly value: Int32Array;
  readonly expected: Int32Array;
  readonly from: Int32Array;
  readonly until: Int32Array;
};

export type SearchBudget = {
  /** Milliseconds that never go back; only asked now and then. */
  readonly now: () => number;
  readonly deadline: number;
  /** Words of 32 bits for the configurations remembered. */
  readonly memoryWords: number;
};

export type SearchResult =
  | { readonly type: "linearizable" }
  /** The longest order that was found, and the operation whose answer no order reaches. */
  | { readonly type: "violated"; readonly order: readonly number[]; readonly stuck: number }
  | { readonly type: "unknown"; readonly reason: string };

const stepsBetweenLooks = 4096;
/** Instead of the state before an operation: it was no choice. */
const forced = -1;

export const searchRegister = (operations: RegisterOperations, budget: SearchBudget): SearchResult =>
  new RegisterSearch(operations, budget).run();

/** The operations without those that were never answered and whose value nothing met; indices into the first. */
export const relevantOperations = ({ kind, value, expected, until }: RegisterOperations): Int32Array => {
  const met = new Set<number>();
  for (let operation = 0; operation < kind.length; operation++) {
    if (cell(kind, operation) === operationKind.mismatch) return Int32Array.from(kind.keys());
    if (cell(kind, operation) === operationKind.read) met.add(cell(value, operation));
    if (cell(kind, operation) === operationKind.compareAndSet) met.add(cell(expected, operation));
  }
  return Int32Array.from(kind.keys()).filter(
    (operation) => cell(until, operation) >= 0 || met.has(cell(value, operation)),
  );
};

/** Entry 2i + 1 is the call of operation i, 2i + 2 its return; entry 0 is the head of the list. */
class RegisterSearch {
  readonly #operations: RegisterOperations;
  readonly #budget: SearchBudget;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #taken: Int32Array;
  readonly #marks: Int32Array;
  /** Operation -> the unanswered one before it that is the same, or -1. */
  readonly #twin: Int32Array;
  readonly #seen = new Map<number, Int32Array[]>();
  /** Operations taken, in order, and the states before each. */
  readonly #order: number[] = [];
  readonly #states: number[] = [];
  #answeredLeft: number;
  #hash = 0;
  #words = 0;
  #longest: readonly number[] = [];
  #stuck = -1;

  constructor(operations: RegisterOperations, budget: SearchBudget) {
    const count = operations.kind.length;
    this.#operations = operations;
    this.#budget = budget;
    this.#next = new Int32Array(2 * count + 1).fill(-1);
    this.#previous = new Int32Array(2 * count + 1).fill(-1);
    this.#taken = new Int32Array(Math.ceil(count / 32));
    this.#marks = Int32Array.from({ length: count }, (_, place) => scrambled(place + 1));
    this.#twin = twinsOf(operations);
    this.#answeredLeft = operations.until.reduce((sum, until) => sum + (until >= 0 ? 1 : 0), 0);
    this.#link(count);
  }

  run(): SearchResult {
    let state = 0;
    let entry = this.#settle(state) ? cell(this.#next, 0) : -1;
    for (let steps = 1; this.#answeredLeft > 0; steps++) {
      if (steps % stepsBetweenLooks === 0 && this.#budget.now() > this.#budget.deadline)
        return { type: "unknown", reason: `no answer within the time after ${steps} steps` };
      if (this.#words > this.#budget.memoryWords)
        return { type: "unknown", reason: `no answer within the memory after ${steps} steps` };
      if (entry >= 0 && !isReturn(entry)) {
        const operation = (entry - 1) >> 1;
        const after = this.#isHeldBack(operation) ? -1 : this.#apply(operation, state);
        if (after >= 0 && this.#take(operation, state, after)) {
          state = after;
          entry = this.#settle(state) ? cell(this.#next, 0) : -1;
        } else entry = cell(this.#next, entry);
        continue;
      }
      if (entry > 0) this.#noteStuck(entry);
      const last = this.#lastChoice();
      if (last === undefined) return { type: "violated", order: this.#longest, stuck: this.#stuck };
      state = last.state;
      entry = cell(this.#next, 2 * last.operation + 1);
    }
    return { type: "linearizable" };
  }

  /** Takes all that fits and changes nothing; false when that leads to where the search has been. */
  #settle(state: number): boolean {
    for (let entry = cell(this.#next, 0); entry >= 0 && !isReturn(entry); entry = cell(this.#next, entry)) {
      const operation = (entry - 1) >> 1;
      const kind = cell(this.#operations.kind, operation);
      if (kind !== operationKind.read && kind !== operationKind.mismatch) continue;
      if (this.#apply(operation, state) < 0) continue;
      if (!this.#take(operation, forced, state)) return false;
    }
    return true;
  }

  /** Puts operations back up to and with the last one that was chosen; undefined when there was none. */
  #lastChoice(): { readonly operation: number; readonly state: number } | undefined {
    for (;;) {
      const operation = this.#order.pop();
      const state = this.#states.pop();
      if (operation === undefined || state === undefined) return undefined;
      this.#putBack(operation);
      if (state !== forced) return { operation, state };
    }
  }

  #link(count: number): void {
    const { from, until } = this.#operations;
    const entries: { readonly entry: number; readonly at: number }[] = [];
    for (let operation = 0; operation < count; operation++) {
      entries.push({ entry: 2 * operation + 1, at: cell(from, operation) });
      const end = cell(until, operation);
      if (end >= 0) entries.push({ entry: 2 * operation + 2, at: end });
    }
    let last = 0;
    for (const { entry } of entries.toSorted((a, b) => a.at - b.at)) {
      this.#next[last] = entry;
      this.#previous[entry] = last;
      last = entry;
    }
  }

  /** The state after the operation, or -1 when it does not fit. */
  #apply(operation: number, state: number): number {
    const value = cell(this.#operations.value, operation);
    const expected = cell(this.#operations.expected, operation);
    switch (cell(this.#operations.kind, operation)) {
      case operationKind.write:
        return value;
      case operationKind.read:
        return state === value ? state : -1;
      case operationKind.mismatch:
        return state === expected ? -1 : state;
      default:
        return state === expected ? value : -1;
    }
  }

  /** Takes the operation out unless the configuration was seen before. */
  #take(operation: number, before: number, after: number): boolean {
    this.#flip(operation);
    if (!this.#remember(after)) {
      this.#flip(operation);
      return false;
    }
    this.#order.push(operation);
    this.#states.push(before);
    this.#unlink(2 * operation + 1);
    if (cell(this.#operations.until, operation) >= 0) {
      this.#unlink(2 * operation + 2);
      this.#answeredLeft--;
    }
    return true;
  }

  #putBack(operation: number): void {
    this.#flip(operation);
    if (cell(this.#operations.until, operation) >= 0) {
      this.#relink(2 * operation + 2);
      this.#answeredLeft++;
    }
    this.#relink(2 * operation + 1);
  }

  #isHeldBack(operation: number): boolean {
    const twin = cell(this.#twin, operation);
    return twin >= 0 && ((cell(this.#taken, twin >> 5) >> (twin & 31)) & 1) === 0;
  }

  #flip(operation: number): void {
    const word = operation >> 5;
    this.#taken[word] = cell(this.#taken, word) ^ (1 << (operation & 31));
    this.#hash ^= cell(this.#marks, operation);
  }

  /** False when this set of operations with this state was there before. */
  #remember(state: number): boolean {
    const hash = this.#hash ^ scrambled(-1 - state);
    const bucket = this.#seen.get(hash) ?? [];
    for (const known of bucket) if (this.#isCurrent(known, state)) return false;
    const words = this.#taken.length;
    const configuration = new Int32Array(words + 1);
    configuration.set(this.#taken);
    configuration[words] = state;
    if (bucket.push(configuration) === 1) this.#seen.set(hash, bucket);
    this.#words += words + 16;
    return true;
  }

  #isCurrent(known: Int32Array, state: number): boolean {
    const words = this.#taken.length;
    if (cell(known, words) !== state) return false;
    for (let word = 0; word < words; word++) if (cell(known, word) !== cell(this.#taken, word)) return false;
    return true;
  }

  #noteStuck(entry: number): void {
    if (this.#stuck >= 0 && this.#order.length <= this.#longest.length) return;
    this.#longest = [...this.#order];
    this.#stuck = (entry - 2) >> 1;
  }

  #unlink(entry: number): void {
    const previous = cell(this.#previous, entry);
    const next = cell(this.#next, entry);
    this.#next[previous] = next;
    if (next >= 0) this.#previous[next] = previous;
  }

  #relink(entry: number): void {
    const next = cell(this.#next, entry);
    this.#next[cell(this.#previous, entry)] = entry;
    if (next >= 0) this.#previous[next] = entry;
  }
}

const twinsOf = ({ kind, value, expected, from, until }: RegisterOperations): Int32Array => {
  const last = new Map<string, number>();
  const twins = new Int32Array(kind.length).fill(-1);
  const unanswered = Int32Array.from(kind.keys()).filter((operation) => cell(until, operation) < 0);
  for (const operation of unanswered.toSorted((a, b) => cell(from, a) - cell(from, b))) {
    const same = `${cell(kind, operation)} ${cell(value, operation)} ${cell(expected, operation)}`;
    twins[operation] = last.get(same) ?? -1;
    last.set(same, operation);
  }
  return twins;
};

const isReturn = (entry: number): boolean => entry > 0 && entry % 2 === 0;

/** A 32-bit mixing of an integer (the finaliser of MurmurHash3). */
const scrambled = (number: number): number => {
  let mixed = number | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};
