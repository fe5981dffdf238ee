/**
 * Every request of a run, as the history wants it: its invocation before it is sent, its completion when it ends.
 * Numbers are given out here, so that they are unique and ascend in the order of the journal.
 */
import type { Attempt, Completion, HistoryEvent, Invocation } from "../../checkers/history/event.ts";
import type { RunClock } from "./run-clock.ts";

export type RequestLogOptions = {
  readonly clock: RunClock;
  /** Takes each event at once and in order. */
  readonly record: (event: HistoryEvent) => void;
  /** Sees each request when it has ended. */
  readonly onCompleted?: (invocation: Invocation, completion: Completion) => void;
  /** The first request's number: above all that the journal holds. */
  readonly firstId?: number;
};

export type NewRequest = Omit<Invocation, "type" | "id" | "at">;

/** A completion whose request the log knows. */
export type Ending<E = Completion> = E extends Completion ? Omit<E, "id"> : never;

export class RequestLog {
  readonly #options: RequestLogOptions;
  #nextId: number;
  #isClosed = false;

  constructor(options: RequestLogOptions) {
    this.#options = options;
    this.#nextId = options.firstId ?? 0;
  }

  /** What the next writer of this journal begins with. */
  get nextId(): number {
    return this.#nextId;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Nothing is recorded any more; requests still under way stay without completion, which means unknown. */
  close(): void {
    this.#isClosed = true;
  }

  /** To be called before anything is sent. */
  invoked(request: NewRequest): Invocation {
    const invocation: Invocation = {
      type: "invoke",
      id: this.#nextId++,
      ...request,
      at: this.#options.clock.now(),
    };
    this.#options.record(invocation);
    return invocation;
  }

  completed(invocation: Invocation, ending: Ending): void {
    if (this.#isClosed) return;
    const completion: Completion = { ...ending, id: invocation.id };
    this.#options.record(completion);
    this.#options.onCompleted?.(invocation, completion);
  }

  /** What became of a write that was sent again after its request had ended. */
  copied(id: number, attempt: Attempt): void {
    if (!this.#isClosed) this.#options.record({ type: "late-copy", id, at: attempt.until, attempt });
  }
}
