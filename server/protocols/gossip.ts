/**
 * Spreads the table of members and holders (Dynamo §4.8.1, 4.8.2): every interval with one random member, and now and
 * then with a seed; after a change of its own with all at once; and with whoever turns out to see another ring.
 *
 * Seeds are ordinary nodes that everybody was configured with. Two groups that never heard of each other share them,
 * so sooner or later one node of each has spoken to the same seed, and the groups are one.
 *
 * An exchange compares a hash, then digests, then sends what either lacks. Whoever speaks here says where it listens,
 * so that a node which is not a member yet is known by the time an operator asks for it to join.
 */

import type { Intervals } from "../config.ts";
import { deltaFor, digestOf, emptyDelta, type TableDelta, type TableDigest } from "../core/cluster-table.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId, Sender } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { Introduction, PeerReply, PeerRequest } from "../rpc/messages.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import { impossible } from "./impossible.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { Recurring } from "./recurring.ts";
import type { StandingInCluster } from "./standing.ts";

/** A node that has spoken and is no member under that incarnation. */
export type Stranger = { readonly incarnation: string; readonly introduction: Introduction };

export type GossipParts = {
  readonly clock: Clock;
  readonly intervals: Intervals;
  readonly introduction: Introduction;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly random: Random;
  readonly record: ClusterRecord;
  readonly seeds: readonly NodeId[];
  readonly standing: StandingInCluster;
};

const strangerCountMax = 100;
/** How often a node that is waiting to be somebody asks. */
const newbornMs = 100;

export class Gossip {
  readonly #parts: GossipParts;
  readonly #rounds: Recurring;
  readonly #beginnings: Recurring;
  readonly #strangers = new Map<NodeId, Stranger>();
  readonly #underWay = new Map<NodeId, Promise<boolean>>();

  constructor(parts: GossipParts) {
    this.#parts = parts;
    const { clock, intervals } = parts;
    this.#rounds = new Recurring(clock, intervals.gossipMs, () => this.#round());
    this.#beginnings = new Recurring(clock, newbornMs, () => this.#begin());
  }

  start(): void {
    const { intervals, random } = this.#parts;
    this.#rounds.start(random.uniform() * intervals.gossipMs);
    this.#beginnings.start(0);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#rounds.stop(), this.#beginnings.stop()]);
  }

  /** Who has spoken here without being a member, by its name. */
  strangers(): ReadonlyMap<NodeId, Stranger> {
    return this.#strangers;
  }

  /** Everybody who can be told, and then those who now know all that this node knows. */
  async spread(): Promise<readonly NodeId[]> {
    const { peers } = this.#parts;
    const all = peers.ids;
    const told = await Promise.all(all.map((peer) => this.exchangeWith(peer)));
    return all.filter((_, index) => told[index] === true);
  }

  /** Somebody sees another ring. Never rejects. */
  meet(peer: NodeId): void {
    if (!this.#underWay.has(peer)) this.exchangeWith(peer).catch(impossible);
  }

  /** Whether both know the same afterwards, except for what either learned meanwhile. One at a time with each peer. */
  exchangeWith(peer: NodeId): Promise<boolean> {
    const known = this.#underWay.get(peer);
    if (known !== undefined) return known;
    const exchange = this.#exchangeWith(peer).finally(() => this.#underWay.delete(peer));
    this.#underWay.set(peer, exchange);
    return exchange;
  }

  async answer(
    from: Sender,
    request: Extract<PeerRequest, { type: "gossip-hash" | "gossip-delta" }>,
  ): Promise<PeerReply> {
    const { record, standing } = this.#parts;
    switch (request.type) {
      case "gossip-hash": {
        this.#noticeStranger(from, request.introduction);
        if (request.hash !== record.hash) return { type: "gossip-digest", digest: digestOf(record.table) };
        await standing.heard(from.nodeId);
        return { type: "gossip-digest", digest: null };
      }
      case "gossip-delta":
        if (!(await record.merge(request.delta))) return { type: "refused", reason: "storage" };
        await standing.heard(from.nodeId);
        return { type: "gossip-delta", delta: deltaFor(record.table, request.digest) };
    }
  }

  async #exchangeWith(peer: NodeId): Promise<boolean> {
    const { introduction, record, standing } = this.#parts;
    const compared = await this.#ask(peer, { type: "gossip-hash", hash: record.hash, introduction });
    if (compared?.type !== "gossip-digest") return false;
    if (compared.digest !== null) {
      const answer = await this.#ask(peer, this.#deltaFor(compared.digest));
      if (answer?.type !== "gossip-delta" || !(await record.merge(answer.delta))) return false;
    }
    await standing.heard(peer);
    return true;
  }

  #deltaFor(theirs: TableDigest): PeerRequest {
    const { record, standing } = this.#parts;
    // What a newborn was configured with may be long past; it listens before it speaks.
    const delta: TableDelta = standing.now === "newborn" ? emptyDelta : deltaFor(record.table, theirs);
    return { type: "gossip-delta", digest: digestOf(record.table), delta };
  }

  async #round(): Promise<void> {
    const { peers, placements, random, seeds, standing } = this.#parts;
    const pick = (from: readonly NodeId[]) => from[Math.floor(random.uniform() * from.length)];
    const others = seeds.filter((seed) => seed !== placements.self);
    // Who is no member must be known to whichever member an operator turns to.
    if (standing.now !== "member") await this.spread();
    const peer = pick(peers.ids) ?? pick(others);
    if (peer !== undefined) await this.exchangeWith(peer);
    const isSeedsTurn = random.uniform() * Math.max(1, peers.ids.length) < 1;
    const seed = isSeedsTurn ? pick(others) : undefined;
    if (seed !== undefined && seed !== peer) await this.exchangeWith(seed);
  }

  /** Until this node may speak for itself, it asks everybody. */
  #begin(): Promise<void> | undefined {
    return this.#parts.standing.now === "newborn" ? this.#spreadUntilBorn() : undefined;
  }

  async #spreadUntilBorn(): Promise<void> {
    const { standing } = this.#parts;
    await this.spread();
    if (standing.now !== "newborn") await this.spread();
  }

  #noticeStranger({ nodeId, incarnation }: Sender, introduction: Introduction): void {
    const { placements } = this.#parts;
    const member = placements.members.get(nodeId);
    const isMember = member !== undefined && (member.incarnation || incarnation) === incarnation;
    if (isMember) this.#strangers.delete(nodeId);
    else if (this.#strangers.has(nodeId) || this.#strangers.size < strangerCountMax) {
      this.#strangers.set(nodeId, { incarnation, introduction });
    }
  }

  async #ask(peer: NodeId, request: PeerRequest): Promise<PeerReply | undefined> {
    const { intervals, peers } = this.#parts;
    const exchange = await peers.ask(peer, request, intervals.requestMs);
    return exchange.type === "reply" ? exchange.reply : undefined;
  }
}
