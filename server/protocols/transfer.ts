/**
 * Keeps what this node holds in step with what it should hold, for as long as it lives: takes over, hands over, lets
 * go. There is no plan to be carried out or lost; every look compares the two and does what is next, so a transfer
 * that was interrupted anywhere, by anything, goes on where it can, and one whose reason is gone goes back.
 *
 * A node that has everything it was to get stops `joining`; one that has nothing left stops `leaving`.
 */

import type { Intervals } from "../config.ts";
import { nextSequence } from "../core/membership.ts";
import type { Clock } from "../ports/clock.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { Gossip } from "./gossip.ts";
import type { HandingOver } from "./handing-over.ts";
import type { HintStore } from "./hint-store.ts";
import type { Identity } from "./identity.ts";
import { impossible } from "./impossible.ts";
import type { LettingGo } from "./letting-go.ts";
import type { Placements } from "./placement.ts";
import { Recurring } from "./recurring.ts";
import type { StandingInCluster } from "./standing.ts";
import type { TakingOver } from "./taking-over.ts";

export type TransferParts = {
  readonly clock: Clock;
  readonly gossip: Gossip;
  readonly handingOver: HandingOver;
  readonly hints: HintStore;
  readonly identity: Identity;
  readonly intervals: Intervals;
  readonly lettingGo: LettingGo;
  readonly placements: Placements;
  readonly record: ClusterRecord;
  readonly standing: StandingInCluster;
  readonly takingOver: TakingOver;
};

/** What is still to come, to be given, and to be dropped. */
export type TransferStatus = {
  readonly isPaused: boolean;
  readonly wantedCount: number;
  readonly dueCount: number;
  readonly outgoingCount: number;
  readonly leftoverCount: number;
  readonly underWay: readonly { readonly partition: number; readonly copies: number; readonly to: string }[];
};

export class Transfer {
  readonly #parts: TransferParts;
  readonly #looking: Recurring;

  constructor(parts: TransferParts) {
    this.#parts = parts;
    this.#looking = new Recurring(parts.clock, parts.intervals.transferMs, () => this.#look());
  }

  start(): void {
    this.#looking.start(this.#parts.intervals.transferMs);
  }

  stop(): Promise<void> {
    this.#parts.handingOver.stop();
    return this.#looking.stop();
  }

  pause(isPaused: boolean): void {
    this.#parts.handingOver.isPaused = isPaused;
  }

  get isIdle(): boolean {
    if (this.#parts.standing.now !== "member") return true;
    const { wantedCount, dueCount, outgoingCount, leftoverCount } = this.status();
    return wantedCount + dueCount + outgoingCount + leftoverCount === 0;
  }

  status(): TransferStatus {
    const { handingOver, lettingGo, takingOver } = this.#parts;
    return {
      isPaused: handingOver.isPaused,
      wantedCount: takingOver.wanted().length,
      dueCount: handingOver.due().length,
      outgoingCount: lettingGo.outgoing().length,
      leftoverCount: lettingGo.leftovers().length,
      underWay: handingOver.underWay().map(({ tree, to }) => ({ ...tree, to })),
    };
  }

  async #look(): Promise<void> {
    const { handingOver, lettingGo, takingOver } = this.#parts;
    if (handingOver.isPaused || this.#parts.standing.now !== "member") return;
    // A tree nobody is left to hand over begins empty.
    await takingOver.confirm(takingOver.wanted());
    await handingOver.offerAll();
    await lettingGo.letGo();
    await this.#arrive();
  }

  async #arrive(): Promise<void> {
    const { clock, gossip, hints, identity, placements, record, standing } = this.#parts;
    const member = placements.members.get(placements.self);
    if (standing.now !== "member" || member === undefined || member.state === "valid" || !this.isIdle) return;
    if (member.state === "leaving" && hints.count > 0) return;
    const state = member.state === "joining" ? "valid" : "removed";
    const isChanged = await record.change(({ history }) => {
      const now = placements.members.get(placements.self);
      if (now?.incarnation !== identity.incarnation || now.state !== member.state) return undefined;
      const sequence = nextSequence(history, placements.self);
      const issued = { issuedBy: placements.self, issuedAtMs: Math.max(0, Math.floor(clock.wallMs())) };
      return { changes: [{ ...now, state, sequence, ...issued }], holdings: [] };
    });
    if (isChanged) gossip.spread().catch(impossible);
  }
}
