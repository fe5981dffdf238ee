/**
 * Finds and mends what replicas hold differently (Dynamo §4.7), whatever the reason: a lost hint, a lost disk, a
 * damaged record, a repair that never came.
 *
 * One message carries the roots of all trees two nodes share; where they differ the way leads down, level by level,
 * to the keys, and their states are exchanged both ways and merged on both sides. A difference may be a write that is
 * just on its way, so it is believed only if a second look shows the same. Nodes whose rings differ do not compare.
 * Each round compares with one peer, the peers in turn, so that all are covered.
 */
import type { Intervals } from "../config.ts";
import { childrenOf, differing, type TreeLevel } from "../core/merkle-tree.ts";
import { emptyKeyState, type KeyState } from "../core/versions.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { Trace } from "../ports/trace.ts";
import type { KeyName, PeerReply, PeerRequest, TreeName } from "../rpc/messages.ts";
import type { BackgroundAdmission } from "./background-admission.ts";
import type { DirtyTrees } from "./dirty-trees.ts";
import { compareNames, type Forest } from "./forest.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { Recurring } from "./recurring.ts";
import { keyOf, type Replica } from "./replica.ts";

/** `unknown`: the peer did not answer, or one side's trees are not built yet. */
export type Comparison = "equal" | "differed" | "unknown";

/** The hash of a key's state here and there; undefined where there is none. */
type Difference = KeyName & { readonly ours: string | undefined; readonly theirs: string | undefined };

type NamedState = KeyName & { readonly state: KeyState };

export type AntiEntropyParts = {
  readonly background: Pick<BackgroundAdmission, "slice">;
  readonly clock: Clock;
  readonly dirtyTrees: DirtyTrees;
  readonly forest: Forest;
  readonly intervals: Intervals;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly random: Random;
  readonly replica: Replica;
  readonly trace: Trace;
};

/** Bounds of one message: roots of trees, leaves, keys and bytes of states. */
const treesAtOnce = 512;
const leavesAtOnce = 64;
const keysAtOnce = 16;
const exchangeBytesMax = 1024 * 1024;
/** Keys mended in one comparison; the rest waits for the next round, so that repair never crowds out clients. */
const keysPerComparisonMax = 1024;

export class AntiEntropy {
  readonly #parts: AntiEntropyParts;
  readonly #rounds: Recurring;
  readonly #cleaning: Recurring;
  #turn: number;

  constructor(parts: AntiEntropyParts) {
    this.#parts = parts;
    this.#turn = Math.floor(parts.random.uniform() * Math.max(1, parts.peers.ids.length));
    this.#rounds = new Recurring(parts.clock, parts.intervals.antiEntropyMs, () => this.#round());
    this.#cleaning = new Recurring(parts.clock, parts.intervals.hintScanMs, () => this.#clean());
  }

  /** The first round comes at a random moment of the first interval, so that nodes started together spread out. */
  start(): void {
    const { random, intervals } = this.#parts;
    this.#rounds.start(random.uniform() * intervals.antiEntropyMs);
    this.#cleaning.start(intervals.hintScanMs);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#rounds.stop(), this.#cleaning.stop()]);
  }

  /** Compares everything shared with one peer and mends what differs, up to a bound. */
  async compareWith(peer: NodeId): Promise<Comparison> {
    const { dirtyTrees, forest, placements } = this.#parts;
    if (!forest.isBuilt) return "unknown";
    const trees = placements.sharedTrees(placements.self, peer);
    let comparison: Comparison = "equal";
    let keysLeft = keysPerComparisonMax;
    for (const batch of inBatches(trees, treesAtOnce)) {
      const roots = await this.#ask(peer, {
        type: "tree-roots",
        ringHash: placements.ring.hash,
        trees: batch,
      });
      if (roots?.type !== "hashes") return "unknown";
      for (const [index, tree] of batch.entries()) {
        if (keysLeft <= 0 || roots.hashes[index] === forest.rootOf(tree)) continue;
        comparison = "differed";
        const mended = await this.#mend(peer, tree, keysLeft);
        if (mended === undefined) return "unknown";
        keysLeft -= mended;
      }
    }
    if (comparison === "equal") dirtyTrees.clean(peer);
    return comparison;
  }

  /** Compares one tree with one peer and mends all that differs, whether or not both are read from. */
  async compareTree(peer: NodeId, tree: TreeName): Promise<Comparison> {
    const { forest, placements } = this.#parts;
    if (!forest.isBuilt) return "unknown";
    const ringHash = placements.ring.hash;
    const roots = await this.#ask(peer, { type: "tree-roots", ringHash, trees: [tree] });
    if (roots?.type !== "hashes") return "unknown";
    if (roots.hashes[0] === forest.rootOf(tree)) return "equal";
    const mended = await this.#mend(peer, tree, Number.POSITIVE_INFINITY);
    return mended === undefined ? "unknown" : "differed";
  }

  /** Whether a peer now has, synced, all that is here of a tree. */
  async push(peer: NodeId, tree: TreeName): Promise<boolean> {
    const { forest, replica } = this.#parts;
    for (const batch of inBatches(forest.namesIn(tree), keysAtOnce)) {
      const pushed = await Promise.all(
        batch.map(async (name) => {
          const own = await replica.read(name);
          // What cannot be read cannot be given away, and is mended by those who can read theirs.
          if (own.type !== "state") return own.reason === "amnesia";
          const reply = await this.#ask(peer, {
            type: "replica-put",
            ...keyOf(name),
            state: own.state,
            durability: "synced",
          });
          return reply?.type === "stored";
        }),
      );
      if (pushed.includes(false)) return false;
    }
    return true;
  }

  /** Merges a peer's states and gives back what is here then, as many as fit one message. */
  async exchange(states: readonly NamedState[]): Promise<readonly NamedState[]> {
    const { replica } = this.#parts;
    const returned: NamedState[] = [];
    let byteCount = 0;
    for (const { bucket, key, state } of states) {
      const name = { bucket, key };
      if (isWorthSending(state)) await replica.merge(name, state, "synced");
      const own = await replica.read(name);
      if (own.type !== "state") continue;
      byteCount += sizeOf(own.state);
      if (returned.length > 0 && byteCount > exchangeBytesMax) continue;
      returned.push({ ...name, state: own.state });
    }
    return returned;
  }

  async #round(): Promise<void> {
    const { peers } = this.#parts;
    for (let attempt = 0; attempt < peers.ids.length; attempt += 1) {
      this.#turn += 1;
      const peer = peers.ids[this.#turn % peers.ids.length];
      if (peer === undefined || !peers.isHealthy(peer)) continue;
      await this.compareWith(peer);
      return;
    }
  }

  /** Those first that miss what nobody keeps for them. */
  async #clean(): Promise<void> {
    const { dirtyTrees, peers } = this.#parts;
    for (const peer of dirtyTrees.peers()) if (peers.isHealthy(peer)) await this.compareWith(peer);
  }

  /** Returns how many keys differed, or undefined when the peer fell silent. */
  async #mend(peer: NodeId, tree: TreeName, keysMax: number): Promise<number | undefined> {
    await this.#parts.background.slice();
    const leaves = await this.#differingLeaves(peer, tree);
    if (leaves === undefined) return undefined;
    const names = await this.#believedKeys(peer, tree, leaves);
    if (names === undefined) return undefined;
    this.#parts.trace.emit({
      type: "tree-compared",
      peer,
      partition: tree.partition,
      differingKeyCount: names.length,
    });
    for (const batch of inBatches(names.slice(0, keysMax), keysAtOnce)) {
      if (!(await this.#exchangeWith(peer, batch))) return undefined;
    }
    return names.length;
  }

  async #differingLeaves(peer: NodeId, tree: TreeName): Promise<readonly number[] | undefined> {
    const planted = this.#parts.forest.treeOf(tree).tree;
    let indexes: readonly number[] = [0];
    for (const level of [1, 2] as const) {
      const parentLevel: TreeLevel = level === 1 ? 0 : 1;
      const children = indexes.flatMap((index) => [...childrenOf(parentLevel, index)]);
      const reply = await this.#ask(peer, { type: "tree-hashes", tree, level, indexes: children });
      if (reply?.type !== "hashes") return undefined;
      indexes = differing(planted, level, children, reply.hashes);
    }
    return indexes;
  }

  /** The keys that differ in the same way at two looks: one that differs in another way is just being written. */
  async #believedKeys(
    peer: NodeId,
    tree: TreeName,
    leaves: readonly number[],
  ): Promise<readonly KeyName[] | undefined> {
    const { clock, intervals } = this.#parts;
    const first = await this.#differingKeys(peer, tree, leaves);
    if (first === undefined || first.size === 0) return first === undefined ? undefined : [];
    await clock.sleep(intervals.lookAgainMs);
    const second = await this.#differingKeys(peer, tree, leaves);
    if (second === undefined) return undefined;
    const believed = [...second.values()].filter((now) => {
      const before = first.get(idOf(now));
      return before !== undefined && before.ours === now.ours && before.theirs === now.theirs;
    });
    return believed.map(keyOf).toSorted(compareNames);
  }

  async #differingKeys(
    peer: NodeId,
    tree: TreeName,
    leaves: readonly number[],
  ): Promise<ReadonlyMap<string, Difference> | undefined> {
    const { forest } = this.#parts;
    const differences = new Map<string, Difference>();
    for (const batch of inBatches(leaves, leavesAtOnce)) {
      const reply = await this.#ask(peer, { type: "tree-keys", tree, leaves: batch });
      if (reply?.type !== "keys") return undefined;
      const ours = forest.keysBelow(tree, batch);
      const oursById = new Map(ours.map((key) => [idOf(key), key.hash]));
      const theirsById = new Map(reply.keys.map((key) => [idOf(key), key.hash]));
      for (const key of [...ours, ...reply.keys]) {
        const id = idOf(key);
        const difference = { ...keyOf(key), ours: oursById.get(id), theirs: theirsById.get(id) };
        if (difference.ours !== difference.theirs) differences.set(id, difference);
      }
    }
    return differences;
  }

  /** False when the peer fell silent. */
  async #exchangeWith(peer: NodeId, names: readonly KeyName[]): Promise<boolean> {
    await this.#parts.background.slice();
    const { replica, placements, trace } = this.#parts;
    const states: NamedState[] = [];
    let byteCount = 0;
    for (const name of names) {
      const own = await replica.read(name);
      // An unreadable record is asked for like a missing one, and written over by what comes.
      const state = own.type === "state" ? own.state : emptyKeyState;
      byteCount += sizeOf(state);
      if (states.length > 0 && byteCount > exchangeBytesMax) break;
      states.push({ ...name, state });
    }
    trace.emit({ type: "exchange-sent", to: peer, keyCount: states.length });
    const reply = await this.#ask(peer, { type: "exchange", states });
    if (reply?.type !== "states") return false;
    for (const { bucket, key, state } of reply.states) {
      const name = { bucket, key };
      if (!placements.of(name).writing.homes.includes(placements.self)) continue;
      const merged = await replica.merge(name, state, "synced");
      if (merged.type === "stored") trace.emit({ type: "key-repaired", ...name, peer });
    }
    return true;
  }

  async #ask(peer: NodeId, request: PeerRequest): Promise<PeerReply | undefined> {
    const exchange = await this.#parts.peers.ask(peer, request, this.#parts.intervals.requestMs);
    return exchange.type === "reply" ? exchange.reply : undefined;
  }
}

function isWorthSending(state: KeyState): boolean {
  return state.siblings.length > 0 || state.clock.size > 0;
}

function sizeOf(state: KeyState): number {
  return state.siblings.reduce((size, { value }) => size + (value?.length ?? 0), 256);
}

function idOf({ bucket, key }: KeyName): string {
  return `${encodeURIComponent(bucket)}/${key}`;
}

function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
