/**
 * Writes that arrive a second time: some of those that were acknowledged are sent again, byte for byte, under their
 * own name and with their own context, seconds later and through any of some nodes, as a network that had held a
 * request back would deliver it.
 *
 * A copy is one more attempt of a request that has ended. Its client knows nothing of it; when it has ended it is
 * recorded, and the reads of everybody show what the store made of it.
 */
import type { Attempt, Invocation, NodeName } from "../../checkers/history/event.ts";
import type { Stream } from "../../workloads/generator/stream.ts";
import type { Judged, WriteAnswer } from "./answer.ts";
import { clientLimits } from "./client-limits.ts";
import type { Transport, TriedWrite } from "./recorded-store.ts";
import type { RequestLog } from "./request-log.ts";
import type { RunClock } from "./run-clock.ts";

/** After the acknowledgement; a cart that is in use has been written again by then. */
const lateMs = { least: 500, most: 1_500 } as const;

/** Waiting or under way at once; further writes are not copied. */
export const lateCopiesMax = 32;

export type LateCopiesOptions = {
  readonly clock: RunClock;
  readonly log: RequestLog;
  readonly transport: Transport;
  /** Decides how late a copy is and through whom it comes. */
  readonly chance: Stream;
};

export class LateCopies {
  readonly #options: LateCopiesOptions;
  #through: readonly NodeName[] = [];
  /** What lets go of those that are not sent yet. */
  readonly #waiting = new Set<() => void>();
  #underWayCount = 0;
  #answeredCount = 0;

  constructor(options: LateCopiesOptions) {
    this.#options = options;
  }

  /** How many were acknowledged by the store. */
  get answeredCount(): number {
    return this.#answeredCount;
  }

  /** From now on copies go through these nodes; through none: nothing more is sent. */
  sendThrough(nodes: readonly NodeName[]): void {
    this.#through = nodes;
    if (nodes.length > 0) return;
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
  }

  /** To be told of each write that was acknowledged, when that has been recorded. */
  acknowledged({ id }: Invocation, write: TriedWrite): void {
    const { clock, chance } = this.#options;
    if (this.#through.length === 0 || this.#waiting.size + this.#underWayCount >= lateCopiesMax) return;
    const cancel = clock.after(chance.integer(lateMs.least, lateMs.most), () => {
      this.#waiting.delete(cancel);
      void this.#send(id, write);
    });
    this.#waiting.add(cancel);
  }

  async #send(id: number, write: TriedWrite): Promise<void> {
    const { clock, log, transport, chance } = this.#options;
    const node = this.#through[chance.integer(0, this.#through.length - 1)];
    // What nobody would record must not be sent.
    if (node === undefined || log.isClosed) return;
    this.#underWayCount += 1;
    const from = clock.now();
    const trial = transport.write(node, write);
    const cancelDeadline = clock.after(clientLimits.deadlineMs, () => trial.abandon("timeout"));
    const judged = await trial.ended;
    cancelDeadline();
    this.#underWayCount -= 1;
    if (judged.outcome === "ok") this.#answeredCount += 1;
    log.copied(id, attemptOf(judged, { node, from, until: clock.now() }));
  }
}

const attemptOf = (judged: Judged<WriteAnswer>, times: Pick<Attempt, "node" | "from" | "until">): Attempt =>
  judged.outcome === "ok"
    ? { ...times, outcome: "ok" }
    : { ...times, outcome: judged.outcome, error: judged.error };
