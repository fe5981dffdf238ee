/**
 * What this node is to the cluster, and how it comes to be something.
 *
 * A node of the first configuration is a member from the beginning, but nobody knows its incarnation yet, and an empty
 * disk looks the same on the first day and after it was wiped. So on its first start it holds back until more than
 * half of the first members, itself included, have answered it and none knew another incarnation of it; then it names
 * its own and says that it holds what it was born with. Whoever finds its name taken by another incarnation owns
 * nothing and answers nothing until an operator says that it replaces that one.
 *
 * One case needs no operator: the other incarnation is the one that this node itself had before its store lost records
 * (identity.ts). Then it replaces itself, once more than half of the members have told it what they know, and the
 * transfer of partitions gives it everything again; until it holds a tree it is not asked for it.
 */
import { type Change, nextSequence } from "../core/membership.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Introduction } from "../rpc/messages.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { Identity } from "./identity.ts";
import type { Placements } from "./placement.ts";

/**
 * `newborn`: a first member that may not speak for itself yet. `stranger`: nobody asked it to join, or it was removed;
 * it serves by asking members. `impostor`: its name is another incarnation's.
 */
export type Standing = "member" | "newborn" | "stranger" | "impostor";

export type StandingParts = {
  readonly clock: Clock;
  readonly identity: Identity;
  readonly introduction: Introduction;
  readonly placements: Placements;
  readonly record: ClusterRecord;
};

export class StandingInCluster {
  readonly #parts: StandingParts;
  readonly #heard = new Set<NodeId>();

  constructor(parts: StandingParts) {
    this.#parts = parts;
  }

  get now(): Standing {
    const { identity, placements } = this.#parts;
    const member = placements.members.get(placements.self);
    if (member === undefined) return "stranger";
    if (member.incarnation === "") return "newborn";
    return member.incarnation === identity.incarnation ? "member" : "impostor";
  }

  /**
   * Whether this incarnation was a member and is none any more. What it keeps is then older than what the members have
   * meanwhile agreed to forget without it.
   */
  get isOver(): boolean {
    const { identity, placements } = this.#parts;
    if (this.now === "member") return false;
    return [...placements.table.history.values()].some(
      ({ nodeId, incarnation }) => nodeId === identity.nodeId && incarnation === identity.incarnation,
    );
  }

  /** Whether others may be given what is kept for them here: somebody has told this node, since it started, who belongs. */
  get mayGive(): boolean {
    return this.#heard.size > 0 && !this.isOver;
  }

  /** Why clients cannot be served now, in one sentence. */
  get refusal(): string | undefined {
    switch (this.now) {
      case "impostor":
        return "Another incarnation has this node's name; an operator has to say that this one replaces it.";
      case "newborn":
        return "This node has not heard from enough of the others to know that it is new.";
      case "member":
      case "stranger":
        return undefined;
    }
  }

  /** Another node has told this one what it knows. */
  async heard(from: NodeId): Promise<void> {
    this.#heard.add(from);
    await this.beginIfHeard();
  }

  /** Becomes a member, if this can be decided by now. The only member of a cluster has nobody to wait for. */
  async beginIfHeard(): Promise<void> {
    const { identity } = this.#parts;
    if (this.now === "newborn") await this.#introduceIfHeard();
    if (this.now === "impostor" && identity.formerly !== undefined)
      await this.#replaceFormer(identity.formerly);
    if (this.now === "member" && identity.formerly !== undefined) await identity.settle();
  }

  async #introduceIfHeard(): Promise<void> {
    const { identity, placements } = this.#parts;
    const first = [...placements.table.history.values()].filter(({ origin }) => origin !== "");
    const own = first.find(({ nodeId }) => nodeId === placements.self);
    if (own === undefined) return;
    const others = first.filter(({ nodeId, origin }) => origin === own.origin && this.#heard.has(nodeId));
    const all = first.filter(({ origin }) => origin === own.origin);
    // Whoever knows that it has been somebody before asks all who could know whom.
    const needed = identity.formerly === undefined ? Math.floor(all.length / 2) : all.length - 1;
    if (others.length >= needed) await this.#introduce(own.origin);
  }

  async #replaceFormer(formerly: string): Promise<void> {
    const { identity, introduction, placements, record } = this.#parts;
    const { nodeId, incarnation } = identity;
    const others = [...placements.members.keys()].filter((member) => this.#heard.has(member));
    if ((others.length + 1) * 2 <= placements.members.size) return;
    await record.change(({ history }) => {
      const member = placements.members.get(nodeId);
      if (member === undefined || member.incarnation === incarnation) return undefined;
      if (formerly !== "" && member.incarnation !== formerly) return undefined;
      const sequence = nextSequence(history, nodeId);
      const ended = this.#issued({ ...member, state: "replaced", sequence });
      const { address } = introduction;
      const begun = { ...member, incarnation, address, state: "joining", sequence: sequence + 1 } as const;
      return { changes: [ended, this.#issued(begun)], holdings: [] };
    });
  }

  async #introduce(origin: string): Promise<void> {
    const { identity, introduction, placements, record } = this.#parts;
    const { nodeId, incarnation } = identity;
    await record.change(({ history }) => {
      const member = placements.members.get(nodeId);
      if (member?.incarnation !== "") return undefined;
      const { address } = introduction;
      const sequence = nextSequence(history, nodeId);
      const named = this.#issued({ ...member, incarnation, sequence, address });
      const trees = placements.firstTreesOf(nodeId, origin).toSorted();
      return {
        changes: [named],
        holdings: [{ nodeId, incarnation, version: 1, trees }],
      };
    });
  }
  #issued(change: Change): Change {
    const { clock, identity } = this.#parts;
    const issuedAtMs = Math.max(0, Math.floor(clock.wallMs()));
    return { ...change, origin: "", issuedBy: identity.nodeId, issuedAtMs };
  }
}
