/**
 * What operators do in a random run, while everything else breaks: let nodes join and leave, think better of it, and
 * ask whatever member comes to mind, which may be down or cut off just then.
 *
 * At most one thing is asked at a time. What was refused or never answered is simply not asked again; what was heard by
 * anybody goes on by itself.
 */
import type { NodeId } from "../ports/network.ts";
import type { Order } from "../protocols/administration.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import type { RandomStream } from "./world.ts";

const kinds = ["join", "join", "leave", "cancel"] as const;

export class RandomChanges {
  readonly #cluster: SimulatedCluster;
  readonly #stream: RandomStream;
  /** Machines that have not been let in yet. */
  readonly #spares: NodeId[];

  constructor(cluster: SimulatedCluster, spares: readonly NodeId[]) {
    this.#cluster = cluster;
    this.#stream = cluster.world.random("changes");
    this.#spares = [...spares];
  }

  /** Asks for one change of the members, without waiting for the answer. */
  change(): void {
    const kind = kinds[this.#stream.integer(0, kinds.length - 1)] ?? "join";
    if (kind === "join") return this.#join();
    const { members } = this.#anyNode().membership();
    const candidates = members.filter(({ state }) =>
      kind === "leave" ? state === "valid" : state !== "valid",
    );
    const member = candidates[this.#stream.integer(0, Math.max(0, candidates.length - 1))];
    if (member !== undefined) this.#ask({ type: kind, nodeId: member.nodeId });
  }

  /** A spare is started, and let in as soon as somebody has heard of it. */
  #join(): void {
    const nodeId = this.#spares.shift();
    if (nodeId === undefined) return;
    const { world } = this.#cluster;
    this.#cluster.beginStart(nodeId).catch((cause: unknown) => world.fail(cause));
    world.after(this.#stream.integer(500, 3000), () => this.#ask({ type: "join", nodeId }));
  }

  #ask(order: Order): void {
    const { world } = this.#cluster;
    world.note(`operator ${order.type} ${order.nodeId}`);
    this.#anyNode()
      .order(order)
      .then((ordered) => world.note(`operator ${order.type} ${order.nodeId} ${ordered.type}`))
      .catch((cause: unknown) => world.fail(cause));
  }

  #anyNode() {
    const { nodeIds } = this.#cluster;
    const up = nodeIds.filter((name) => this.#cluster.isUp(name));
    const from = up.length > 0 ? up : nodeIds;
    return this.#cluster.node(from[this.#stream.integer(0, from.length - 1)] ?? "");
  }
}
