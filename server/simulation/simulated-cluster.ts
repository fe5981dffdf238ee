/**
 * Some nodes in one world: started, crashed, paused, cut off and healed by name, and asked as clients ask.
 *
 * The nodes are the real ones, on simulated ports. Each machine keeps its disk and its clock over restarts; each
 * boot is a process of its own. Everything a node traces is noted in the world's record, so a run can be read and
 * compared line by line.
 */

import type { Limits, Member, NodeConfig } from "../config.ts";
import {
  type BucketConfig,
  defaultBucket,
  defaultIntervals,
  defaultLimits,
  type Intervals,
} from "../config.ts";
import type { Strategy } from "../core/strategy.ts";
import { Node, type StartOutcome } from "../node.ts";
import type { NodeId } from "../ports/network.ts";
import type { TraceEvent } from "../ports/trace.ts";
import type { Order } from "../protocols/administration.ts";
import { type MachineTime, SimulatedClock } from "./simulated-clock.ts";
import { calmLinks, type LinkConditions, SimulatedLinks, SimulatedNetwork } from "./simulated-network.ts";
import { SimulatedProcess } from "./simulated-process.ts";
import { SimulatedDisk, SimulatedStorage } from "./simulated-storage.ts";
import type { RandomStream } from "./world.ts";
import { World } from "./world.ts";

export type ClusterPlan = {
  readonly seed: number;
  readonly nodeIds: readonly NodeId[];
  /** Machines whose nodes are no members when they first start; their seeds are the others. */
  readonly spareIds?: readonly NodeId[];
  /** Groups configured apart, instead of one of all `nodeIds`. */
  readonly groups?: readonly (readonly NodeId[])[];
  /** Whom everybody was told of as a seed (default: the first node of the first group). */
  readonly seeds?: readonly NodeId[];
  /** Bucket name -> what differs from the default bucket. */
  readonly buckets?: Readonly<Record<string, Partial<BucketConfig>>>;
  readonly intervals?: Partial<Intervals>;
  readonly limits?: Partial<Limits>;
  readonly partitionCount?: number;
  /** How partitions are placed (default: strategy 3). */
  readonly placement?: Strategy;
  /** Where members stand and what share they take, of those that differ from a node of capacity 1 anywhere. */
  readonly traits?: ReadonlyMap<NodeId, Pick<Member, "capacity" | "dc" | "rack">>;
  readonly links?: LinkConditions;
  /** Between two steps of every wall clock (default 1). */
  readonly clockTickMs?: number;
};

type Machine = {
  readonly disk: SimulatedDisk;
  readonly time: MachineTime;
  process: SimulatedProcess;
  node: Node | undefined;
};

export class SimulatedCluster {
  readonly world: World;
  readonly links: SimulatedLinks;
  readonly nodeIds: readonly NodeId[];
  /** Everything the nodes traced, in order. */
  readonly events: { readonly node: NodeId; readonly event: TraceEvent }[] = [];
  readonly #plan: ClusterPlan;
  readonly #machines = new Map<NodeId, Machine>();

  constructor(plan: ClusterPlan) {
    this.#plan = plan;
    this.world = new World(plan.seed);
    this.links = new SimulatedLinks(this.world, plan.links ?? calmLinks);
    this.nodeIds = plan.nodeIds;
    for (const name of [...plan.nodeIds, ...(plan.spareIds ?? [])]) {
      this.#machines.set(name, {
        disk: new SimulatedDisk(this.world, name),
        time: { wallOffsetMs: 0, rate: 1, tickMs: plan.clockTickMs ?? 1 },
        process: new SimulatedProcess(this.world, name),
        node: undefined,
      });
    }
  }

  /** A cluster with every node started and serving. Its groups, if there are several, are cut from each other. */
  static async started(plan: ClusterPlan): Promise<SimulatedCluster> {
    const cluster = new SimulatedCluster(plan);
    if (plan.groups !== undefined && plan.groups.length > 1) cluster.partition(...plan.groups);
    for (const name of plan.nodeIds) await cluster.start(name);
    return cluster;
  }

  /** Boots a node on its machine's disk and waits until it serves. Throws if it does not. */
  async start(name: NodeId): Promise<void> {
    const outcome = await this.tryStart(name);
    if (outcome.type === "failed") throw new Error(`seed ${this.#plan.seed}: ${name}: ${outcome.reason}`);
  }

  async tryStart(name: NodeId): Promise<StartOutcome> {
    return this.world.run(this.beginStart(name));
  }

  /** Boots a node without waiting for it, so that others may go on meanwhile. */
  beginStart(name: NodeId): Promise<StartOutcome> {
    const machine = this.machine(name);
    machine.process = new SimulatedProcess(this.world, name);
    const { process, disk, time } = machine;
    const random: RandomStream = this.world.random(`node ${name} boot at ${this.world.nowMs()}`);
    const clock = new SimulatedClock(process, time);
    const node = new Node(this.#configOf(name), {
      clock,
      network: new SimulatedNetwork(this.links, name, process, clock),
      storage: new SimulatedStorage(disk, process),
      random,
      trace: { emit: (event) => this.#note(name, event) },
    });
    machine.node = node;
    // A node that says it has failed ends its process, as main.ts does.
    node
      .failed()
      .then((reason) => this.crash(name, `failed: ${reason}`))
      .catch((cause: unknown) => this.world.fail(cause));
    return node.start();
  }

  async stop(name: NodeId): Promise<void> {
    await this.world.run(this.node(name).stop());
    this.machine(name).process.kill();
  }

  /** SIGKILL: nothing the operating system has is lost. */
  crash(name: NodeId, cause = "killed"): void {
    this.world.note(`${name} ${cause}`);
    this.machine(name).process.kill();
  }

  /** The machine goes down with what was not synced. */
  cutPower(name: NodeId): void {
    this.crash(name, "lost power");
    this.machine(name).disk.losePower();
  }

  /** Cuts both ways between every two nodes of different groups. Nodes in no group keep all their links. */
  partition(...groups: readonly (readonly NodeId[])[]): void {
    this.world.note(`partition ${groups.map((group) => group.join("+")).join(" | ")}`);
    for (const [index, group] of groups.entries()) {
      for (const other of groups.slice(index + 1).flat()) {
        for (const member of group) {
          this.links.cut(member, other);
          this.links.cut(other, member);
        }
      }
    }
  }

  /** Has a node ask for a change of the members, waits for the answer and throws if it was refused. */
  async order(at: NodeId, order: Order): Promise<void> {
    const ordered = await this.world.run(this.node(at).order(order));
    if (ordered.type === "refused") throw new Error(`${order.type} ${order.nodeId}: ${ordered.detail}`);
  }

  heal(): void {
    this.world.note("healed");
    this.links.mend();
  }

  isUp(name: NodeId): boolean {
    return !this.machine(name).process.isDead && this.machine(name).node !== undefined;
  }

  machine(name: NodeId): Machine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  /** The node now running on this machine. Its answers come only while its process lives. */
  node(name: NodeId): Node {
    const { node } = this.machine(name);
    if (node === undefined) throw new Error(`${name} was never started`);
    return node;
  }

  /** Every machine, those of spares too. */
  machineNames(): readonly NodeId[] {
    return [...this.#machines.keys()];
  }

  /** Runs the world until every node that is up says that it is quiet; throws, with the reasons, if they do not. */
  async settle(timeoutMs = 60_000): Promise<void> {
    const deadlineMs = this.world.nowMs() + timeoutMs;
    for (;;) {
      const up = this.machineNames().filter((name) => this.isUp(name));
      const calms = await this.world.run(Promise.all(up.map((name) => this.node(name).quiesce(5000))));
      if (calms.every((calm) => calm.isQuiet)) return;
      if (this.world.nowMs() < deadlineMs) continue;
      const reasons = calms.map(({ reason }, index) => `${up[index]}: ${reason ?? "quiet"}`);
      throw new Error(`seed ${this.#plan.seed}: not quiet after ${timeoutMs} ms. ${reasons.join(" ")}`);
    }
  }

  #note(name: NodeId, event: TraceEvent): void {
    this.events.push({ node: name, event });
    this.world.note(`${name} ${JSON.stringify(event)}`);
  }

  #configOf(nodeId: NodeId): NodeConfig {
    const { nodeIds, groups = [nodeIds], buckets = {}, intervals, limits, partitionCount = 8 } = this.#plan;
    const { placement, seeds = groups.flat().slice(0, 1), traits } = this.#plan;
    const first = groups.find((group) => group.includes(nodeId)) ?? [];
    return {
      clusterId: "simulated",
      nodeId,
      members: first.map((id) => ({
        nodeId: id,
        host: "127.0.0.1",
        rpcPort: 1,
        httpPort: 2,
        ...traits?.get(id),
      })),
      seeds,
      buckets: new Map(Object.entries(buckets).map(([name, own]) => [name, { ...defaultBucket, ...own }])),
      partitionCount,
      ...(placement !== undefined && { placement }),
      limits: { ...defaultLimits, ...limits },
      intervals: { ...defaultIntervals, ...intervals },
    };
  }
}
