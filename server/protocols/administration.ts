/**
 * What an operator may change (Dynamo §4.8.1), at any member: who belongs. Nothing else ever does, but for a
 * node that takes its own place again after its store has lost records (`standing.ts`).
 *
 * A change is on this node's disk before it is answered, and then told to everybody who can be reached. A node is
 * named, and its incarnation is the one that was heard speaking under that name: an operator lets in a process that
 * is there, not one that may come. What follows from a change is up to `transfer.ts`.
 */
import { type Change, type History, type Member, nextSequence, placedOf } from "../core/membership.ts";
import { nextSeat, withSeats } from "../core/seats.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { Gossip } from "./gossip.ts";
import type { Placements } from "./placement.ts";
import type { StandingInCluster } from "./standing.ts";

export type Order =
  /** What is left out is what the node says of itself. */
  | {
      readonly type: "join";
      readonly nodeId: NodeId;
      readonly capacity?: number;
      readonly dc?: string;
      readonly rack?: string;
    }
  /** Gives everything away, then is gone. */
  | { readonly type: "leave"; readonly nodeId: NodeId }
  /** Is gone now, with whatever only it had. */
  | { readonly type: "remove"; readonly nodeId: NodeId }
  /** The process that now speaks under the name takes the place of the one that is lost. */
  | { readonly type: "replace"; readonly nodeId: NodeId }
  /** Takes back a join or a leave that is not over. */
  | { readonly type: "cancel"; readonly nodeId: NodeId };

export type Ordered =
  | {
      readonly type: "ok";
      readonly state: Change["state"];
      readonly ringHash: string;
      readonly knownBy: readonly NodeId[];
    }
  /** `detail` is one sentence; nothing was changed. */
  | { readonly type: "refused"; readonly detail: string };

export type AdministrationParts = {
  readonly clock: Clock;
  readonly gossip: Gossip;
  readonly placements: Placements;
  readonly record: ClusterRecord;
  readonly standing: StandingInCluster;
};

/** What an order would record. */
export type Proposal =
  | { readonly type: "changes"; readonly changes: readonly Change[] }
  | { readonly type: "refused"; readonly detail: string };

type Drafted =
  | { readonly type: "changes"; readonly changes: readonly Draft[] }
  | { readonly type: "refused"; readonly detail: string };

/** A change before it is numbered and signed. */
type Draft = Omit<Change, "sequence" | "issuedBy" | "issuedAtMs" | "origin">;

export class Administration {
  readonly #parts: AdministrationParts;

  constructor(parts: AdministrationParts) {
    this.#parts = parts;
  }

  async order(order: Order): Promise<Ordered> {
    const { gossip, placements, record } = this.#parts;
    const proposals: Proposal[] = [];
    const isRecorded = await record.change(() => {
      const proposal = this.propose(order);
      proposals.push(proposal);
      return proposal.type === "refused" ? undefined : { changes: proposal.changes, holdings: [] };
    });
    const [made] = proposals;
    if (made?.type === "refused") return made;
    if (made === undefined || !isRecorded) return refusal("The disk of this node refuses to record it.");
    const knownBy = [placements.self, ...(await gossip.spread())].toSorted();
    const state = made.changes.findLast(({ nodeId }) => nodeId === order.nodeId)?.state ?? "valid";
    return { type: "ok", state, ringHash: placements.ring.hash, knownBy };
  }

  /** What the order would record if it were given now; nothing is changed. */
  propose(order: Order): Proposal {
    const { placements, standing } = this.#parts;
    if (standing.now !== "member") return refusal("This node is no member; ask one that is.");
    const drafted = this.#draft(order);
    if (drafted.type === "refused") return drafted;
    return { type: "changes", changes: this.#signed(placements.table.history, drafted.changes) };
  }

  #draft(order: Order): Drafted {
    const { placements } = this.#parts;
    const { nodeId } = order;
    const member = placements.members.get(nodeId);
    if (order.type !== "replace" && placements.isCutAtTokens) return refusal(cutAtTokens);
    if (order.type === "join") {
      return member === undefined ? this.#joining(order) : refusal(`${nodeId} is a member already.`);
    }
    if (member === undefined) return refusal(`${nodeId} is no member.`);
    switch (order.type) {
      case "leave":
        return this.#leaving(member);
      case "remove":
        return this.#isLast(member) ?? this.#parting({ ...member, state: "removed" });
      case "replace":
        return this.#replacing(member);
      case "cancel":
        if (member.state === "valid") return refusal(`${nodeId} is neither joining nor leaving.`);
        return member.state === "joining"
          ? this.#parting({ ...member, state: "leaving" })
          : changes({ ...member, state: "valid", seat: nextSeat(this.#placedWithout(nodeId), member.dc) });
    }
  }

  #joining({ nodeId, ...given }: Extract<Order, { type: "join" }>): Drafted {
    const { gossip, record } = this.#parts;
    const stranger = gossip.strangers().get(nodeId);
    if (stranger === undefined) {
      return refusal(
        `${nodeId} has not been heard of; start it with a member as its seed, or wait a moment.`,
      );
    }
    const { incarnation, introduction } = stranger;
    const isEnded = [...record.table.history.values()].some(
      (change) => change.nodeId === nodeId && change.incarnation === incarnation,
    );
    if (isEnded) return refusal(`${nodeId} was a member before; start it with an empty data directory.`);
    const { address, capacity, dc, rack } = { ...introduction, ...given };
    const seat = nextSeat(this.#placedWithout(nodeId), dc);
    return changes({ nodeId, incarnation, state: "joining", address, capacity, dc, rack, seat });
  }

  #leaving(member: Member): Drafted {
    if (member.state === "leaving") return refusal(`${member.nodeId} is leaving already.`);
    return this.#isLast(member) ?? this.#parting({ ...member, state: "leaving" });
  }

  /** Somebody goes, and whoever takes the free seat has it from now on. */
  #parting(draft: Draft): Drafted {
    const { members } = this.#parts.placements;
    const moved = withSeats(this.#placedWithout(draft.nodeId)).filter(
      ({ nodeId, seat }) => members.get(nodeId)?.seat !== seat,
    );
    return changes(draft, ...moved);
  }

  #placedWithout(nodeId: NodeId): readonly Member[] {
    return placedOf(this.#parts.placements.members).filter((member) => member.nodeId !== nodeId);
  }

  #replacing(member: Member): Drafted {
    const stranger = this.#parts.gossip.strangers().get(member.nodeId);
    if (stranger === undefined || stranger.incarnation === member.incarnation) {
      return refusal(`No other process has been heard speaking as ${member.nodeId}; start it first.`);
    }
    const { incarnation, introduction } = stranger;
    const ended = { ...member, state: "replaced" } as const;
    const begun = { ...member, incarnation, address: introduction.address, state: "joining" } as const;
    return changes(ended, begun);
  }

  #isLast({ nodeId }: Member): Drafted | undefined {
    const { placements } = this.#parts;
    const others = placements.ring.members.filter((member) => member !== nodeId);
    const copies = Math.max(...placements.trees().map((tree) => tree.copies));
    if (others.length >= copies) return undefined;
    return refusal(
      `Without ${nodeId} only ${others.length} nodes are left, and some bucket keeps ${copies} copies.`,
    );
  }

  #signed(history: History, drafts: readonly Draft[]): readonly Change[] {
    const { clock, placements } = this.#parts;
    return drafts.map((draft, index) => ({
      ...draft,
      sequence: nextSequence(history, draft.nodeId) + index,
      origin: "",
      issuedBy: placements.self,
      issuedAtMs: Math.max(0, Math.floor(clock.wallMs())),
    }));
  }
}

/** What is held is named by the number of its range, and every token more or less would renumber the ranges. */
const cutAtTokens =
  "Under placement strategy 1 the ranges are cut at the members' tokens, so no member can come or go; " +
  "copy the data to a cluster of strategy 2 or 3.";

function changes(...drafts: readonly Draft[]): Drafted {
  return { type: "changes", changes: drafts };
}

function refusal(detail: string): { readonly type: "refused"; readonly detail: string } {
  return { type: "refused", detail };
}
