/**
 * Does a history fit together? What the recorder guarantees is checked here while the events pass by: ids are
 * unique and ascend, a completion answers an invocation, a late copy repeats a write that has ended, a process does
 * one thing at a time, time goes forward, and an outcome says what its attempts say. A break is a mistake of the harness or a damaged journal, never of the
 * store, so it condemns nobody: it becomes a sentence that makes the verdicts inconclusive.
 */
import type { Attempt, Micros } from "./event.ts";
import type { LateCopy } from "./late-copy.ts";
import type { RequestKind } from "./rows.ts";

/** Defects kept as sentences of their own; further ones are counted in a last sentence. */
export const defectLimit = 10;

/** Two writers of one journal may interleave a little; more than this against the latest request is a broken clock. */
export const backwardsMicrosMax = 1_000_000;

type Asked = {
  readonly id: number;
  readonly process: number;
  readonly at: Micros;
  readonly doesWrite: boolean;
};
type Answered = {
  readonly id: number;
  readonly at: Micros;
  readonly process: number;
  readonly sent: Micros;
};
type Doing = { readonly id: number; readonly at: Micros; readonly isOpen: boolean };

export class WellFormedness {
  readonly #defects: string[] = [];
  #defectCount = 0;
  #lastId = -Infinity;
  #latest = 0;
  /** What each process did last. */
  readonly #doing = new Map<number, Doing>();

  defects(): readonly string[] {
    const more = this.#defectCount - this.#defects.length;
    return more === 0 ? this.#defects : [...this.#defects, `And ${more} further defects of the same kinds.`];
  }

  /** False when the invocation cannot be taken into the history, because its id does not name one request. */
  invoked({ id, process, at, doesWrite }: Asked, kind: RequestKind): boolean {
    if (id <= this.#lastId) {
      const how = id === this.#lastId ? "is used twice" : `follows id ${this.#lastId}, so ids do not ascend`;
      this.#found(`Request id ${id} ${how}.`);
      return false;
    }
    this.#lastId = id;
    this.#passed(id, at);
    const before = this.#doing.get(process);
    if (before?.isOpen === true) {
      this.#found(`Process ${process} sent request ${id} while its request ${before.id} was open.`);
    } else if (before !== undefined && at < before.at) {
      this.#found(
        `Process ${process} sent request ${id} at ${at} µs, before its last one ended at ${before.at} µs.`,
      );
    }
    this.#doing.set(process, { id, at, isOpen: true });
    if ((kind === "get") === doesWrite) {
      this.#found(
        `Request ${id} is a ${kind} ${kind === "get" ? "that writes" : "that says not what it writes"}.`,
      );
    }
    return true;
  }

  /** A request of `process`, sent at `sent`, ended. */
  completed({ id, at, process, sent }: Answered): void {
    if (at < sent) this.#found(`Request ${id} ended at ${at} µs, before it was sent at ${sent} µs.`);
    else this.#passed(id, at);
    if (this.#doing.get(process)?.id === id) this.#doing.set(process, { id, at, isOpen: false });
  }

  failed(id: number, attempts: readonly Attempt[]): void {
    const undecided = attempts.filter(({ outcome }) => outcome !== "none");
    if (undecided.length > 0) {
      const first = undecided[0];
      this.#found(
        `Request ${id} is called failed, but its attempt at ${first?.node} ended ${first?.outcome}: ` +
          "only an operation all of whose attempts did nothing has failed.",
      );
    }
  }

  /** `done`: when the write that it repeats had ended; undefined for no write. False when it repeats nothing. */
  copied({ id, at, attempt }: LateCopy, done: Micros | undefined): boolean {
    this.#passed(id, at);
    if (done === undefined) {
      this.#found(`A late copy repeats request ${id}, which is no write of this history.`);
      return false;
    }
    if (attempt.from < done)
      this.#found(
        `A late copy of request ${id} was sent at ${attempt.from} µs, before the request had ended.`,
      );
    return true;
  }

  /** A completion that answers no open request. */
  unasked(id: number, isKnown: boolean): void {
    this.#found(`Request ${id} ${isKnown ? "ended twice" : "ended without having been sent"}.`);
  }

  writtenTwice(id: number, write: string): void {
    this.#found(`Request ${id} uses the write id ${write} of another request.`);
  }

  secondRun(): void {
    this.#found("A second run starts in the same history.");
  }

  damaged(position: number, bytes: number): void {
    this.#found(`The journal is damaged at byte ${position}: ${bytes} bytes are no event.`);
  }

  /** Time across processes, as far as the order of the journal tells it. */
  #passed(id: number, at: Micros): void {
    if (at < this.#latest - backwardsMicrosMax || at < 0) {
      this.#found(`Time goes backwards at request ${id}: ${at} µs after ${this.#latest} µs.`);
    }
    this.#latest = Math.max(this.#latest, at);
  }

  #found(sentence: string): void {
    this.#defectCount += 1;
    if (this.#defects.length < defectLimit) this.#defects.push(sentence);
  }
}
