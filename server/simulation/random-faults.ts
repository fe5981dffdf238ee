/**
 * What goes wrong in a random run: one thing after another, each drawn from its own stream, each undone in the end.
 *
 * One node of a run may be unlucky: it is lost once with all it had, and then an operator replaces or removes it; or
 * records on it are damaged. Only one, and only where a write is acknowledged for two synced copies, because those
 * survive one bad disk and not two.
 */
import type { NodeId } from "../ports/network.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import type { RandomStream } from "./world.ts";

const kinds = [
  "kill",
  "power",
  "pause",
  "split",
  "one-way",
  "clock",
  "slow-node",
  "slow-disk",
  "bad-disk",
  "bad-disk",
] as const;

export class RandomFaults {
  readonly #cluster: SimulatedCluster;
  readonly #mayLoseDisk: boolean;
  readonly #stream: RandomStream;
  readonly #unlucky: NodeId;
  #isWiped = false;
  /** Undoes what is broken now. */
  #repairs: (() => Promise<unknown> | undefined)[] = [];

  constructor(cluster: SimulatedCluster, { mayLoseDisk }: { readonly mayLoseDisk: boolean }) {
    this.#cluster = cluster;
    this.#mayLoseDisk = mayLoseDisk;
    this.#stream = cluster.world.random("faults");
    this.#unlucky = this.#anyNode();
  }

  /** Breaks one more thing; at most three at a time. */
  strike(): void {
    if (this.#repairs.length >= 3) return;
    const kind = kinds[this.#stream.integer(0, kinds.length - 1)] ?? "kill";
    const node = this.#anyNode();
    this.#cluster.world.note(`fault ${kind} ${node}`);
    switch (kind) {
      case "kill":
      case "power":
        return this.#end(node, kind === "power");
      case "pause":
        this.#cluster.machine(node).process.pause();
        this.#repairs.push(() => void this.#cluster.machine(node).process.resume());
        return;
      case "split":
        return this.#split();
      case "one-way":
        this.#cluster.links.cut(node, this.#anyNode());
        this.#repairs.push(() => void this.#cluster.heal());
        return;
      case "clock":
        this.#cluster.machine(node).time.wallOffsetMs += this.#stream.integer(-3_600_000, 3_600_000);
        return;
      case "slow-node":
        this.#cluster.links.slow(node, 10);
        this.#repairs.push(() => void this.#cluster.links.slow(node, 1));
        return;
      case "slow-disk":
        this.#cluster.machine(node).disk.slowness = 40;
        this.#repairs.push(() => {
          this.#cluster.machine(node).disk.slowness = 1;
          return undefined;
        });
        return;
      case "bad-disk":
        return this.#mayLoseDisk ? this.#spoil() : this.#split();
    }
  }

  /** Undoes the oldest fault, without waiting for a node that is started again. */
  relent(): void {
    this.#repairs
      .shift()?.()
      ?.catch((cause: unknown) => this.#cluster.world.fail(cause));
  }

  /** Undoes everything, waits until every node serves, and has each read its disk through for damage. */
  async end(): Promise<void> {
    for (const repair of this.#repairs.splice(0)) await this.#cluster.world.run(Promise.resolve(repair()));
    this.#cluster.heal();
    await this.#replaceUnlucky();
    for (const name of this.#cluster.machineNames()) {
      if (this.#cluster.isUp(name)) {
        await this.#cluster.world.run(this.#cluster.node(name).dump(null, 1000));
      }
    }
  }

  /** A wiped disk is another incarnation, and stays outside until an operator says that it takes the old one's place. */
  async #replaceUnlucky(): Promise<void> {
    if (!this.#isWiped) return;
    const nodeId = this.#unlucky;
    const other = this.#cluster.nodeIds.find((name) => name !== nodeId) ?? "";
    for (let attempt = 0; attempt < 60; attempt += 1) {
      await this.#cluster.world.runFor(1000);
      const { incarnation } = this.#cluster.node(nodeId).health();
      const members = this.#cluster.node(other).membership().members;
      const member = members.find((one) => one.nodeId === nodeId);
      if (member === undefined || member.incarnation === incarnation) return;
      for (const name of this.#cluster.nodeIds) {
        if (name !== nodeId)
          await this.#cluster.world.run(this.#cluster.node(name).order({ type: "replace", nodeId }));
      }
    }
  }

  #end(node: NodeId, isPowerCut: boolean): void {
    if (!this.#cluster.isUp(node)) return;
    if (isPowerCut) this.#cluster.cutPower(node);
    else this.#cluster.crash(node);
    this.#repairs.push(() => this.#cluster.beginStart(node));
  }

  #split(): void {
    const side = this.#cluster.nodeIds.filter(() => this.#stream.happens(0.5));
    const rest = this.#cluster.nodeIds.filter((node) => !side.includes(node));
    this.#cluster.partition(side, rest);
    this.#repairs.push(() => void this.#cluster.heal());
  }

  /** The unlucky node loses one record, or, once, comes back with an empty disk. */
  #spoil(): void {
    const { disk } = this.#cluster.machine(this.#unlucky);
    if (this.#isWiped || this.#stream.happens(0.4)) {
      const keys = disk.keys("values");
      const key = keys[this.#stream.integer(0, Math.max(0, keys.length - 1))];
      if (key !== undefined) disk.damage("values", key);
      return;
    }
    if (!this.#cluster.isUp(this.#unlucky)) return;
    this.#isWiped = true;
    this.#cluster.crash(this.#unlucky, "killed and wiped");
    disk.wipe();
    if (this.#stream.happens(0.3)) {
      const order = { type: "remove", nodeId: this.#unlucky } as const;
      const up = this.#cluster.nodeIds.find((name) => this.#cluster.isUp(name));
      if (up !== undefined) {
        this.#cluster
          .node(up)
          .order(order)
          .catch((cause: unknown) => this.#cluster.world.fail(cause));
      }
    }
    this.#repairs.push(() => this.#cluster.beginStart(this.#unlucky));
  }

  #anyNode(): NodeId {
    const { nodeIds } = this.#cluster;
    return nodeIds[this.#stream.integer(0, nodeIds.length - 1)] ?? "";
  }
}
