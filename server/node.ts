/**
 * One node: the protocols wired to the ports. The same class runs in a process (`main.ts` gives it sockets and a
 * disk) and in the simulated world, thousands of times from one seed.
 *
 * The node knows nothing of HTTP or processes. Everything worth noticing leaves through the trace port; counters
 * and logs are made there.
 */
import type { NodeConfig } from "./config.ts";
import type { NodeAddress } from "./core/membership.ts";
import type { QueueLength } from "./core/queue-length.ts";
import type { VersionsMode } from "./core/versions.ts";
import type { ClientGet, ClientWrite, GetOutcome, WriteOutcome } from "./outcomes.ts";
import type { Clock } from "./ports/clock.ts";
import type { Network, NodeId } from "./ports/network.ts";
import type { Random } from "./ports/random.ts";
import type { Storage } from "./ports/storage.ts";
import type { Trace } from "./ports/trace.ts";
import type { Order, Ordered } from "./protocols/administration.ts";
import type { Archive } from "./protocols/archive.ts";
import { ClusterRecord } from "./protocols/cluster-record.ts";
import { Disk } from "./protocols/disk.ts";
import type { Stranger } from "./protocols/gossip.ts";
import type { Health, Phase } from "./protocols/health.ts";
import { type Identity, openIdentity } from "./protocols/identity.ts";
import { impossible } from "./protocols/impossible.ts";
import type { Dump, HintSummary, RawKey } from "./protocols/inspection.ts";
import { Placements } from "./protocols/placement.ts";
import { type Calm, notServing } from "./protocols/quiescence.ts";
import {
  addressOf,
  type MembershipView,
  membershipViewOf,
  type Preference,
  type RingView,
  ringViewOf,
} from "./protocols/ring-view.ts";
import { saveTrees } from "./protocols/saved-trees.ts";
import { activitiesOf, type Service, serviceOf } from "./protocols/service.ts";

export type Ports = {
  readonly clock: Clock;
  readonly network: Network;
  readonly storage: Storage;
  readonly random: Random;
  readonly trace: Trace;
};

export type StartOutcome =
  | { readonly type: "ok"; readonly incarnation: string; readonly boot: number }
  | { readonly type: "failed"; readonly reason: string };

/** The protocols that take an operator's orders. */
export type Operation = Pick<Service, "drain" | "forecasts" | "handoff" | "repair" | "transfer">;

export type { Health } from "./protocols/health.ts";
export type { Preference, RingView } from "./protocols/ring-view.ts";

export class Node {
  readonly #config: NodeConfig;
  readonly #ports: Ports;
  readonly #disk: Disk;
  readonly #placements: Placements;
  #phase: Phase = "starting";
  #identity: Identity | undefined;
  #service: Service | undefined;
  #stopping: Promise<void> | undefined;

  constructor(config: NodeConfig, ports: Ports) {
    this.#config = config;
    this.#ports = ports;
    this.#disk = new Disk(ports.storage, ports.clock, { ...config.limits, ...config.intervals }, ports.trace);
    this.#placements = new Placements(config);
  }

  /**
   * Reads and renews the node's identity on disk, begins to answer peers, and starts the background work. Resolves
   * when the node serves; a node that could not start has to be stopped too, to give its ports back.
   */
  async start(): Promise<StartOutcome> {
    const { clusterId, nodeId, partitionCount } = this.#config;
    const opened = await openIdentity(this.#disk, { clusterId, nodeId, partitionCount }, this.#ports.random);
    if (opened.type === "failed") return opened;
    const { identity } = opened;
    const record = new ClusterRecord(this.#disk, this.#placements, this.#ports.trace);
    if ((await record.open()) === "failed")
      return { type: "failed", reason: "The member table cannot be read." };
    const service = serviceOf(this.#config, this.#ports, this.#disk, this.#placements, identity, record);
    if (!(await service.hints.open())) return { type: "failed", reason: "The hint store cannot be read." };
    const { incarnation, boot } = identity;
    const self = { nodeId, incarnation, boot };
    await service.standing.beginIfHeard();
    await this.#ports.network.serve(
      self,
      (from, request, budgetMs, ringHash) => service.peerService.answer(from, request, budgetMs, ringHash),
      () => this.#placements.ring.hash,
    );
    if (this.#phase !== "starting")
      return { type: "failed", reason: "The node was stopped while it started." };
    this.#identity = identity;
    this.#service = service;
    this.#phase = "serving";
    this.#ports.trace.emit({ type: "started", boot, incarnation });
    for (const activity of activitiesOf(service)) activity.start();
    service.quarantine.open().catch(impossible);
    service.replica.buildForest(() => this.#phase !== "serving").catch(impossible);
    return { type: "ok", incarnation, boot };
  }

  /**
   * Refuses new requests, lets those under way end (at most one request time), stops the background work and closes
   * network and storage. Idempotent.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Resolves, with the reason, when the node can no longer keep its promises (a failed sync); end its process then. */
  failed(): Promise<string> {
    return this.#disk.fatal();
  }

  /** A client's read; any node may coordinate it. Never rejects; never changes anything a client could see. */
  async get(request: ClientGet): Promise<GetOutcome> {
    const service = this.#admitting();
    if ("error" in service) return service;
    const admitted = service.admission.get(request);
    if (admitted.type === "fail") return admitted;
    return service.requests.track(service.reading.read(admitted, this.#deadline(admitted.timeoutMs)));
  }

  /** A client's put or delete. `fail` only when nothing was applied or sent anywhere; else `info`. Never rejects. */
  async write(request: ClientWrite): Promise<WriteOutcome> {
    const service = this.#admitting();
    if ("error" in service) return service;
    if (service.stallWatch.isWaking()) {
      const detail = "This node was stopped for a while; what waited here meanwhile is not written.";
      return { type: "fail", error: "overloaded", detail };
    }
    const admitted = service.admission.write(request);
    if (admitted.type === "fail") return admitted;
    return service.requests.track(service.routing.write(admitted, this.#deadline(admitted.timeoutMs)));
  }

  /** How the bucket tells versions apart. */
  versionsOf(bucket: string): VersionsMode {
    return this.#placements.bucket(bucket).versions;
  }

  preference(bucket: string, key: string): Preference {
    const { tree, homes, fallbacks } = this.#placements.of({ bucket, key });
    return { partition: tree.partition, homes, fallbacks };
  }

  ring(): RingView {
    return ringViewOf(this.#config, this.#placements, (nodeId) => this.addressOf(nodeId));
  }

  /** Where a node listens: as this one was configured to reach it, else as it says itself. */
  addressOf(nodeId: NodeId): NodeAddress | undefined {
    const stranger = this.#service?.gossip.strangers().get(nodeId);
    return addressOf(nodeId, this.#config, this.#placements) ?? stranger?.introduction.address;
  }

  health(): Health {
    const service = this.#service;
    const peers = service?.peers.ids ?? [];
    return {
      nodeId: this.#config.nodeId,
      incarnation: this.#identity?.incarnation ?? "",
      boot: this.#identity?.boot ?? 0,
      phase: this.#phase === "serving" && service?.drain.isDraining === true ? "draining" : this.#phase,
      isReadOnly: this.#disk.isReadOnly,
      areTreesBuilt: service?.forest.isBuilt ?? false,
      quarantinedCount: service?.quarantine.count ?? 0,
      storeCleanSinceMs: service?.scrub.cleanSinceMs ?? null,
      requestsInFlight: service?.requests.count ?? 0,
      hintCount: service?.hints.count ?? 0,
      hintBytes: service?.hints.byteCount ?? 0,
      peers: peers.map((nodeId) => ({ nodeId, isReachable: service?.peers.isHealthy(nodeId) ?? false })),
    };
  }

  /**
   * The main store in storage order, at most `limit` records (1..1000) after the cursor; null starts. Undefined
   * when the node does not serve or its disk cannot be read.
   */
  async dump(after: string | null, limit: number): Promise<Dump | undefined> {
    return this.#service?.inspection.dump(after, limit);
  }

  async rawKey(bucket: string, key: string): Promise<RawKey> {
    const none: RawKey = { main: { type: "failed", reason: "the node does not serve" }, hints: [] };
    return (await this.#service?.inspection.rawKey({ bucket, key })) ?? none;
  }

  /** Changes that wait for others of the same key; undefined before the node serves. */
  get lockQueue(): QueueLength | undefined {
    return this.#service?.records.locks.queue;
  }

  /** Takes partitions out as files and takes such files in; undefined when the node does not serve. */
  get archive(): Archive | undefined {
    return this.#service?.archive;
  }

  /** All hints held, at most 10,000, sorted by target, bucket, key. */
  async hints(): Promise<readonly HintSummary[]> {
    return (await this.#service?.inspection.hints()) ?? [];
  }

  /** What `quiesce` would look at, as it is now, without asking anybody. */
  calm(): Calm {
    return this.#service?.quiescence.calm() ?? notServing;
  }

  /**
   * Delivers hints and runs anti-entropy at once and back to back until nothing is left: every peer reachable, no
   * hint here, no write under way, and the trees of all shared partitions equal with every co-owner twice in a row;
   * or until `timeoutMs` have passed.
   */
  async quiesce(timeoutMs: number): Promise<Calm> {
    return (await this.#service?.quiescence.quiesce(timeoutMs)) ?? notServing;
  }

  /** An operator's change of the members; on the disk before it is answered. */
  async order(order: Order): Promise<Ordered> {
    const administration = this.#phase === "serving" ? this.#service?.administration : undefined;
    return administration?.order(order) ?? { type: "refused", detail: `The node is ${this.#phase}.` };
  }

  /** What an operator looks at, holds still or hurries; undefined when the node does not serve. */
  get operation(): Operation | undefined {
    return this.#phase === "serving" ? this.#service : undefined;
  }

  /** Who has spoken here without being a member; the names an operator can let in. */
  strangers(): readonly ({ readonly nodeId: NodeId } & Stranger)[] {
    return [...(this.#service?.gossip.strangers() ?? [])].map(([nodeId, one]) => ({ nodeId, ...one }));
  }

  /** Members now, and every change there ever was, by node and number. */
  membership(): MembershipView {
    return membershipViewOf(this.#placements);
  }

  async #stop(): Promise<void> {
    this.#phase = "stopping";
    const service = this.#service;
    const isIdle = service === undefined ? true : await this.#endWork(service);
    await this.#ports.network.close();
    const isSaved =
      isIdle && service?.forest.isBuilt === true && (await saveTrees(this.#disk, service.forest));
    const isClean = isIdle && (await this.#identity?.stopCleanly(isSaved)) === true;
    await this.#disk.close();
    this.#phase = "stopped";
    this.#ports.trace.emit({ type: "stopped", isClean });
  }

  /** Whether everything that was under way has ended within one request time. */
  async #endWork(service: Service): Promise<boolean> {
    const { openWork, peerService } = service;
    const activities = [service.background, ...activitiesOf(service)];
    const background = Promise.all(activities.map((activity) => activity.stop()));
    const requests = service.requests.idle().then(() => openWork.idle());
    const work = Promise.all([requests, peerService.stop(), background]).then(() => true);
    const timeIsUp = this.#ports.clock.sleep(this.#config.intervals.requestMs).then(() => false);
    return Promise.race([work, timeIsUp]);
  }

  #admitting(): Service | Extract<GetOutcome, { type: "fail" }> {
    if (this.#service === undefined || this.#phase !== "serving") {
      const detail = `The node is ${this.#phase}.`;
      return { type: "fail", error: "shutting-down", detail };
    }
    if (this.#service.drain.isDraining) {
      return { type: "fail", error: "shutting-down", detail: "The node is being drained; ask another one." };
    }
    const { requestsInFlightMax } = this.#config.limits;
    if (this.#service.requests.count >= requestsInFlightMax) {
      const detail = `${requestsInFlightMax} requests are under way, as many as this node takes.`;
      return { type: "fail", error: "overloaded", detail };
    }
    const detail = this.#service.standing.refusal;
    if (detail !== undefined) return { type: "fail", error: "not-a-member", detail };
    return this.#service;
  }

  #deadline(timeoutMs: number): number {
    return this.#ports.clock.monotonicMs() + timeoutMs;
  }
}
