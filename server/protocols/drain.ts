/**
 * Empties a node of work before it is stopped on purpose, so that nobody notices the stop.
 *
 * A draining node takes no request of a client any more, neither itself nor for another node; it goes on being a
 * replica, since its copies still count. It lets what is under way end, and hands over its hints: delivered where the
 * target can be reached, else copied to another node, which then keeps them as well. Its own stay where they are and
 * are delivered once more when it is back, which changes nothing.
 */
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { HintStore } from "./hint-store.ts";
import type { HintedHandoff } from "./hinted-handoff.ts";
import type { OpenWork } from "./open-work.ts";
import type { Peers } from "./peers.ts";

export type DrainParts = {
  readonly clock: Clock;
  readonly handoff: HintedHandoff;
  readonly hints: HintStore;
  /** Writes that are coordinated here, for clients and for other nodes, until every home has them; and repairs. */
  readonly openWork: OpenWork;
  readonly peers: Peers;
  /** What clients wait for. */
  readonly requests: OpenWork;
};

export type DrainStatus = {
  readonly isDraining: boolean;
  /** Nothing is lost and nobody waits if the node is stopped now. */
  readonly mayStop: boolean;
  /** One sentence, present unless it may stop. */
  readonly reason?: string;
  readonly requestsInFlight: number;
  /** Hints that only this node has, as far as it knows. */
  readonly strandedHintCount: number;
  /** Who is missing already, and would be missed the more with this node. */
  readonly unreachablePeers: readonly NodeId[];
};

/** Between two looks: time for what is under way to end. */
const pauseMs = 20;

export class Drain {
  readonly #parts: DrainParts;
  #isDraining = false;

  constructor(parts: DrainParts) {
    this.#parts = parts;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Begins if it has not begun, and resolves when the node may stop, when `timeoutMs` are over, or when it is taken back. */
  async begin(timeoutMs: number): Promise<DrainStatus> {
    const { clock, handoff } = this.#parts;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    this.#isDraining = true;
    for (;;) {
      await handoff.deliverAll();
      await handoff.copyStranded();
      const status = this.status();
      if (status.mayStop || !this.#isDraining || clock.monotonicMs() >= deadlineMs) return status;
      await clock.sleep(pauseMs);
    }
  }

  /** Takes requests of clients again. */
  cancel(): DrainStatus {
    this.#isDraining = false;
    return this.status();
  }

  status(): DrainStatus {
    const { handoff, peers, requests } = this.#parts;
    const reason = this.#obstacle();
    return {
      isDraining: this.#isDraining,
      mayStop: reason === undefined,
      ...(reason !== undefined && { reason }),
      requestsInFlight: requests.count,
      strandedHintCount: handoff.strandedCount,
      unreachablePeers: peers.unreachable(),
    };
  }

  #obstacle(): string | undefined {
    const { handoff, openWork, requests } = this.#parts;
    if (!this.#isDraining) return "The node is not being drained.";
    if (requests.count > 0) return `${requests.count} requests of clients are under way.`;
    if (openWork.count > 0) return `${openWork.count} requests are still on their way to replicas.`;
    const { strandedCount } = handoff;
    return strandedCount > 0 ? `${strandedCount} hints are held here alone.` : undefined;
  }
}
