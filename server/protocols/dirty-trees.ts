/**
 * Which peers miss writes that nobody keeps for them: a hint store was full when this node, itself a home, had to keep
 * one. What they miss only the trees can tell, so these peers are compared with first and soon, as if a hint scan
 * delivered; until the trees are equal the node is not quiet.
 */
import type { NodeId } from "../ports/network.ts";
import type { Trace } from "../ports/trace.ts";
import type { Placement } from "./placement.ts";

export class DirtyTrees {
  readonly #self: NodeId;
  readonly #trace: Trace;
  readonly #peers = new Set<NodeId>();

  constructor(self: NodeId, trace: Trace) {
    this.#self = self;
    this.#trace = trace;
  }

  /** `peer` has not got a write of this key, and will not get it as a hint of this node. */
  mark(peer: NodeId, { writing, tree }: Placement): void {
    const { homes } = writing;
    if (!homes.includes(this.#self) || !homes.includes(peer) || this.#peers.has(peer)) return;
    this.#peers.add(peer);
    this.#trace.emit({ type: "partition-dirty", partition: tree.partition, peer });
  }

  /** These are the members now; who is none will never be compared with, and misses nothing any more. */
  follow(members: ReadonlyMap<NodeId, unknown>): void {
    for (const peer of this.#peers) if (!members.has(peer)) this.#peers.delete(peer);
  }

  /** In order. */
  peers(): readonly NodeId[] {
    return [...this.#peers].toSorted();
  }

  /** The trees shared with `peer` are equal now. */
  clean(peer: NodeId): void {
    this.#peers.delete(peer);
  }
}
