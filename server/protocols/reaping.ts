/**
 * Drops the records of deleted keys, with proof instead of hope.
 *
 * A tombstone may go only when no older copy of its key is left that could come back without it. A fixed grace time
 * assumes that every replica is repaired within it. Here every member is asked: each home must have held this very
 * state, unchanged, for the whole grace; nobody may hold a hint of the key or a copy outside its homes; and everybody
 * must have been running through the grace, so that no request or message from before it is under way. All under one
 * ring, with nothing of the partition moving. One member that is down, cut off or just started is enough to wait.
 *
 * The first home of a key asks, and drops its own record last. A home that has changed meanwhile keeps its record, and
 * anti-entropy brings what it knows back to the others: then the tombstone is there again, and no harm is done.
 *
 * No floor has to be left behind for re-creation: a coordinator without a record takes an epoch it has never used
 * (core/actor.ts), so not even a tombstone that turns up later covers the new write.
 */
import type { Intervals } from "../config.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { DifferingKey, PeerRequest } from "../rpc/messages.ts";
import type { Forest } from "./forest.ts";
import type { HintStore } from "./hint-store.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { Recurring } from "./recurring.ts";
import type { Replica } from "./replica.ts";
import type { Tombstones } from "./tombstones.ts";

export type ReapingParts = {
  readonly clock: Clock;
  readonly forest: Forest;
  readonly hints: HintStore;
  readonly intervals: Intervals;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly replica: Replica;
  readonly tombstones: Tombstones;
};

type Reap = Extract<PeerRequest, { type: "reap" }>;

const keysAtOnce = 64;
/** Keys reaped in one round; the rest waits for the next. */
const keysPerRoundMax = 1024;

export class Reaping {
  readonly #parts: ReapingParts;
  readonly #rounds: Recurring;

  constructor(parts: ReapingParts) {
    this.#parts = parts;
    this.#rounds = new Recurring(parts.clock, parts.intervals.reapMs, () => this.#round());
  }

  start(): void {
    this.#rounds.start(this.#parts.intervals.reapMs);
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** For each key: `prove`, whether nothing here is in the way; `drop`, whether it was dropped. */
  async answer({ step, ringHash, keys }: Omit<Reap, "type">): Promise<readonly boolean[]> {
    const { forest, placements } = this.#parts;
    if (ringHash !== placements.ring.hash || !forest.isBuilt) return keys.map(() => false);
    switch (step) {
      case "prove":
        return keys.map((key) => this.#isClear(key));
      case "drop":
        return Promise.all(keys.map((key) => this.#isClear(key) && this.#parts.replica.reap(key, key.hash)));
    }
  }

  async #round(): Promise<void> {
    const { placements, tombstones } = this.#parts;
    const ripe = tombstones
      .ripe()
      .map(({ name, hash }) => ({ ...name, hash }))
      .filter((key) => placements.of(key).homes[0] === placements.self)
      .slice(0, keysPerRoundMax);
    for (let start = 0; start < ripe.length; start += keysAtOnce) {
      if (!(await this.#reap(ripe.slice(start, start + keysAtOnce)))) return;
    }
  }

  /** False when somebody could not be asked; then nobody needs to be asked for more. */
  async #reap(keys: readonly DifferingKey[]): Promise<boolean> {
    const { peers, placements } = this.#parts;
    const { self } = placements;
    const others = [...placements.members.keys()].filter((node) => node !== self);
    if (others.some((node) => !peers.isHealthy(node))) return false;
    const claim = { ringHash: placements.ring.hash, keys };
    const proofs = await Promise.all([
      this.answer({ step: "prove", ...claim }),
      ...others.map((node) => this.#ask(node, { type: "reap", step: "prove", ...claim })),
    ]);
    const proven = keys.filter((_, index) => proofs.every((proof) => proof?.[index] === true));
    const homes = new Set(proven.flatMap((key) => placements.of(key).homes));
    for (const home of [...homes].filter((node) => node !== self).toSorted()) {
      const held = proven.filter((key) => placements.of(key).homes.includes(home));
      await this.#ask(home, { type: "reap", step: "drop", ringHash: claim.ringHash, keys: held });
    }
    await this.answer({ step: "drop", ringHash: claim.ringHash, keys: proven });
    return proofs.every((proof) => proof !== undefined);
  }

  /** Whether this node has nothing of the key that the tombstone would be missed by. */
  #isClear(key: DifferingKey): boolean {
    const { forest, hints, placements, tombstones } = this.#parts;
    const placement = placements.of(key);
    const { lacking, outgoing } = placements.occupancyOf(placement.tree);
    if (lacking.length > 0 || outgoing.length > 0 || hints.holds(placement.storageKey)) return false;
    if (placement.homes.includes(placements.self)) return tombstones.isRipe(placement.storageKey, key.hash);
    return tombstones.isCalm() && !forest.has(placement);
  }

  async #ask(node: NodeId, request: Reap): Promise<readonly boolean[] | undefined> {
    const { peers, intervals } = this.#parts;
    const exchange = await peers.ask(node, request, intervals.requestMs);
    return exchange.type === "reply" && exchange.reply.type === "proofs" ? exchange.reply.holds : undefined;
  }
}
