/**
 * Every request of a run as a row of columns: the invocation and, when there was one, the completion.
 *
 * Checkers walk rows by number and read single cells; a person, a report or an explanation asks for the whole
 * `request(row)`. A request without completion counts as unknown, and its end as never.
 */
import { Column, Lists } from "./columns.ts";
import type { Acknowledged, Attempt, Micros, NodeName } from "./event.ts";
import {
  attemptOutcomes,
  type CompletionRow,
  type InvocationRow,
  kinds,
  type Outcome,
  outcomes,
  type RequestKind,
  type Vocabulary,
} from "./rows.ts";

const unknownOutcome = 2;

/** One request, whole. */
export type Request = {
  readonly row: number;
  readonly id: number;
  readonly process: number;
  readonly session: string;
  readonly operation: string;
  readonly kind: RequestKind;
  readonly key: string;
  readonly entry: NodeName;
  readonly intended: Micros;
  readonly sent: Micros;
  /** Infinity when it never completed. */
  readonly done: Micros;
  readonly outcome: Outcome;
  readonly error: string;
  readonly isFinal: boolean;
  /** Of a put or delete. */
  readonly write: string | undefined;
  readonly observed: readonly string[];
  readonly tombstones: readonly string[];
  readonly acknowledged: readonly Acknowledged[];
  /** Of an acknowledged put or delete, where the answer named one. */
  readonly coordinator?: NodeName;
  readonly attempts: readonly Attempt[];
};

export class Requests {
  readonly #words: Vocabulary;
  readonly #ids = new Column("double");
  readonly #processes = new Column("integer");
  readonly #sessions = new Column("integer");
  readonly #operations = new Column("integer");
  readonly #kinds = new Column("byte");
  readonly #keys = new Column("integer");
  readonly #entries = new Column("integer");
  readonly #intended = new Column("double");
  readonly #sent = new Column("double");
  readonly #finals = new Column("byte");
  readonly #versions = new Column("integer");
  readonly #done = new Column("double");
  readonly #outcomes = new Column("byte");
  /** Row -> its row among the completions, -1 for none. */
  readonly #completions = new Column("integer");
  readonly #errors = new Column("integer");
  readonly #observed = new Lists();
  readonly #digests = new Lists();
  readonly #tombstones = new Lists();
  /** Node, role and durability of an acknowledgement in one number each. */
  readonly #acknowledged = new Lists();
  readonly #coordinators = new Column("integer");
  readonly #attemptNodes = new Lists();
  readonly #attemptOutcomes = new Lists();
  readonly #attemptErrors = new Lists();
  readonly #attemptTimes = new Column("double");

  constructor(words: Vocabulary) {
    this.#words = words;
  }

  get count(): number {
    return this.#ids.length;
  }

  /** Only the history's builder appends. Returns the row. */
  invoke(asked: InvocationRow, version: number): number {
    this.#ids.push(asked.id);
    this.#processes.push(asked.process);
    this.#sessions.push(asked.session);
    this.#operations.push(asked.operation);
    this.#kinds.push(asked.kind);
    this.#keys.push(asked.key);
    this.#entries.push(asked.entry);
    this.#intended.push(asked.intended);
    this.#sent.push(asked.at);
    this.#finals.push(asked.isFinal ? 1 : 0);
    this.#versions.push(version);
    this.#done.push(Number.POSITIVE_INFINITY);
    this.#outcomes.push(unknownOutcome);
    this.#completions.push(-1);
    return this.count - 1;
  }

  /** Only the history's builder completes, each row at most once. */
  complete(row: number, answer: CompletionRow): void {
    this.#done.set(row, answer.at);
    this.#outcomes.set(row, answer.outcome);
    this.#completions.set(row, this.#errors.length);
    this.#errors.push(answer.error);
    this.#observed.push(answer.observed);
    this.#digests.push(answer.digests);
    this.#tombstones.push(answer.tombstones);
    this.#acknowledged.push(answer.acknowledged);
    this.#coordinators.push(answer.coordinator);
    this.#attemptNodes.push(answer.attemptNodes);
    this.#attemptOutcomes.push(answer.attemptOutcomes);
    this.#attemptErrors.push(answer.attemptErrors);
    for (const time of answer.attemptTimes) this.#attemptTimes.push(time);
  }

  id(row: number): number {
    return this.#ids.at(row);
  }
  process(row: number): number {
    return this.#processes.at(row);
  }
  session(row: number): number {
    return this.#sessions.at(row);
  }
  operation(row: number): number {
    return this.#operations.at(row);
  }
  kind(row: number): RequestKind {
    return kinds[this.#kinds.at(row)] ?? "get";
  }
  key(row: number): number {
    return this.#keys.at(row);
  }
  entry(row: number): number {
    return this.#entries.at(row);
  }
  intended(row: number): Micros {
    return this.#intended.at(row);
  }
  sent(row: number): Micros {
    return this.#sent.at(row);
  }
  /** Infinity when it never completed. */
  done(row: number): Micros {
    return this.#done.at(row);
  }
  outcome(row: number): Outcome {
    return outcomes[this.#outcomes.at(row)] ?? "info";
  }
  isFinal(row: number): boolean {
    return this.#finals.at(row) === 1;
  }
  /** The version that a put or delete writes; -1 of a get. */
  version(row: number): number {
    return this.#versions.at(row);
  }
  isCompleted(row: number): boolean {
    return this.#completions.at(row) >= 0;
  }
  error(row: number): string {
    const completion = this.#completions.at(row);
    return completion < 0 ? "never completed" : this.#words.errors.name(this.#errors.at(completion));
  }
  /** Versions that a get returned; -1 where the bytes name no write. */
  observed(row: number): Int32Array {
    return this.#listOf(this.#observed, row);
  }
  /** The digests of `observed`, place by place. */
  digests(row: number): Int32Array {
    return this.#listOf(this.#digests, row);
  }
  tombstones(row: number): Int32Array {
    return this.#listOf(this.#tombstones, row);
  }
  acknowledged(row: number): readonly Acknowledged[] {
    return [...this.#listOf(this.#acknowledged, row)].map((number) => ({
      node: this.#words.nodes.name(number >> 2),
      role: (number & 2) === 0 ? "home" : "fallback",
      durability: (number & 1) === 0 ? "synced" : "buffered",
    }));
  }
  /** The number of the node that coordinated a put or delete; -1 where nobody named one. */
  coordinator(row: number): number {
    const completion = this.#completions.at(row);
    return completion < 0 ? -1 : this.#coordinators.at(completion);
  }
  attempts(row: number): readonly Attempt[] {
    const completion = this.#completions.at(row);
    if (completion < 0) return [];
    const first = this.#attemptNodes.start(completion);
    return [...this.#attemptNodes.at(completion)].map((node, index) => {
      const error = this.#words.errors.name(this.#attemptErrors.item(first + index));
      return {
        node: this.#words.nodes.name(node),
        from: this.#attemptTimes.at((first + index) * 2),
        until: this.#attemptTimes.at((first + index) * 2 + 1),
        outcome: attemptOutcomes[this.#attemptOutcomes.item(first + index)] ?? "unknown",
        ...(error === "" ? {} : { error }),
      };
    });
  }

  /** The row of request `id`, -1 when there is none. Ids ascend, so this is a binary search. */
  rowOf(id: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#ids.at(middle);
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  request(row: number): Request {
    const words = this.#words;
    const version = this.version(row);
    const coordinator = this.coordinator(row);
    const nameOf = (number: number): string => (number < 0 ? "(unreadable)" : words.versions.name(number));
    return {
      row,
      id: this.id(row),
      process: this.process(row),
      kind: this.kind(row),
      session: words.sessions.name(this.session(row)),
      operation: words.operations.name(this.operation(row)),
      key: words.keys.name(this.key(row)),
      entry: words.nodes.name(this.entry(row)),
      intended: this.intended(row),
      sent: this.sent(row),
      done: this.done(row),
      outcome: this.outcome(row),
      error: this.error(row),
      isFinal: this.isFinal(row),
      write: version < 0 ? undefined : words.versions.name(version),
      observed: [...this.observed(row)].map(nameOf),
      tombstones: [...this.tombstones(row)].map(nameOf),
      acknowledged: this.acknowledged(row),
      ...(coordinator < 0 ? {} : { coordinator: words.nodes.name(coordinator) }),
      attempts: this.attempts(row),
    };
  }

  #listOf(lists: Lists, row: number): Int32Array {
    const completion = this.#completions.at(row);
    return completion < 0 ? none : lists.at(completion);
  }
}

const none = new Int32Array(0);
