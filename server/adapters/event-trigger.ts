/**
 * Stops this process at one moment of a protocol, once. A sink of the trace: it is called by the protocol itself, so
 * that no statement comes between the event and the stop.
 *
 * Armed over the verification port only, and only one moment at a time. It fires once and is then unarmed; whoever
 * armed it sees the stopped process from outside, does to it what it likes, and continues it.
 */
import type { NodeId } from "../ports/network.ts";
import type { Trace, TraceEvent } from "../ports/trace.ts";
import { type Moment, moments } from "./moments.ts";

export type TriggerState = {
  readonly armed: Moment | null;
  /** The moment at which it stopped the process since it was last armed. */
  readonly fired: Moment | null;
};

export class EventTrigger implements Trace {
  readonly #self: NodeId;
  readonly #stop: () => void;
  #armed: Moment | null = null;
  #fired: Moment | null = null;

  /** `stop` returns when the process has been continued. */
  constructor(self: NodeId, stop: () => void) {
    this.#self = self;
    this.#stop = stop;
  }

  get state(): TriggerState {
    return { armed: this.#armed, fired: this.#fired };
  }

  /** False, and nothing changes, while one is armed already. */
  arm(moment: Moment): boolean {
    if (this.#armed !== null) return false;
    this.#armed = moment;
    this.#fired = null;
    return true;
  }

  disarm(): void {
    this.#armed = null;
  }

  emit(event: TraceEvent): void {
    if (this.#armed === null) return;
    const moment = this.#armed;
    if (moments.get(moment)?.isIt(event, this.#self) !== true) return;
    // First, so that nothing is armed any more when the process goes on.
    this.#armed = null;
    this.#fired = moment;
    this.#stop();
  }
}
