/**
 * Answers what other nodes ask. Every case is one call of the protocol it belongs to; what is decided here is only
 * whether this node may answer at all: whether it owns what it is asked for, and has room for one more.
 */

import { isEnded } from "../core/membership.ts";
import type { ClientWrite, WriteOutcome } from "../outcomes.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId, Sender } from "../ports/network.ts";
import type { KeyName, PeerReply, PeerRequest } from "../rpc/messages.ts";
import type { Admission } from "./admission.ts";
import type { AntiEntropy } from "./anti-entropy.ts";
import type { Drain } from "./drain.ts";
import type { Forest } from "./forest.ts";
import type { Gossip } from "./gossip.ts";
import type { HintStore } from "./hint-store.ts";
import type { LocalView } from "./local-view.ts";
import { OpenWork } from "./open-work.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import type { Reaping } from "./reaping.ts";
import type { Replica } from "./replica.ts";
import type { StallWatch } from "./stall-watch.ts";
import type { StandingInCluster } from "./standing.ts";
import type { TakingOver } from "./taking-over.ts";
import type { TreeSizes } from "./tree-sizes.ts";
import type { WriteCoordination } from "./write-coordination.ts";

export type PeerServiceParts = {
  readonly admission: Admission;
  readonly antiEntropy: AntiEntropy;
  readonly clock: Clock;
  readonly coordination: WriteCoordination;
  readonly drain: Pick<Drain, "isDraining">;
  readonly forest: Forest;
  readonly gossip: Gossip;
  readonly hints: HintStore;
  readonly localView: LocalView;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly reaping: Reaping;
  readonly replica: Replica;
  readonly requestsInFlightMax: number;
  readonly stallWatch: StallWatch;
  readonly standing: StandingInCluster;
  readonly takingOver: TakingOver;
  readonly treeSizes: TreeSizes;
};

type Of<Type extends PeerRequest["type"]> = Extract<PeerRequest, { type: Type }>;
/** All but gossip, which is answered whoever asks. */
type DataRequest = Exclude<PeerRequest, { type: "gossip-hash" | "gossip-delta" }>;
type Reason = Extract<PeerReply, { type: "refused" }>["reason"];

export class PeerService {
  readonly #parts: PeerServiceParts;
  readonly #openWork = new OpenWork();
  #isStopping = false;

  constructor(parts: PeerServiceParts) {
    this.#parts = parts;
  }

  /** From now on every request is refused; resolves when those under way have been answered. */
  stop(): Promise<void> {
    this.#isStopping = true;
    return this.#openWork.idle();
  }

  /** Never rejects. */
  async answer(from: Sender, request: PeerRequest, budgetMs: number, ringHash: string): Promise<PeerReply> {
    const { gossip, peers, placements, requestsInFlightMax } = this.#parts;
    if (this.#isStopping) return refused("shutting-down");
    if (this.#openWork.count >= requestsInFlightMax) return refused("overloaded");
    if (request.type === "gossip-hash" || request.type === "gossip-delta") {
      return this.#openWork.track(gossip.answer(from, request));
    }
    const refusal = this.#refusalFor(from);
    if (refusal !== undefined) return refusal;
    if (ringHash !== placements.ring.hash) {
      gossip.meet(from.nodeId);
      return refused("wrong-ring");
    }
    // The rings are the same by now, so this node knows of everybody who has been let in.
    if (!placements.members.has(from.nodeId) && this.#isBarred(from, request)) return refused("not-a-member");
    peers.heardFrom(from.nodeId);
    if (budgetMs <= 0 && isForAskerAlone(request)) return refused("late");
    return this.#openWork.track(this.#dispatch(from.nodeId, request, budgetMs));
  }

  /** A known name with an unknown incarnation is a wiped disk or a mistake; only an operator can tell. */
  #refusalFor({ nodeId, incarnation }: Sender): PeerReply | undefined {
    const { placements, standing } = this.#parts;
    if (standing.now === "impostor") return refused("unknown-incarnation");
    const member = placements.members.get(nodeId);
    if (member === undefined || member.incarnation === "") return undefined;
    return member.incarnation === incarnation ? undefined : refused("unknown-incarnation");
  }

  /** What a node that was removed still has for others is older than what the members have forgotten without it. */
  #isBarred({ nodeId, incarnation }: Sender, request: DataRequest): boolean {
    if (isBetweenMembers(request)) return true;
    const { history } = this.#parts.placements.table;
    return request.type === "replica-put" && isEnded(history, nodeId, incarnation);
  }

  async #dispatch(from: NodeId, request: DataRequest, budgetMs: number): Promise<PeerReply> {
    const { forest, antiEntropy, placements, reaping, takingOver, treeSizes } = this.#parts;
    switch (request.type) {
      case "ping":
        return { type: "pong" };
      case "replica-get":
        return this.#replicaGet(request);
      case "replica-put":
        return this.#replicaPut(request);
      case "forward-write":
        return this.#forwardWrite(request.write, budgetMs);
      case "tree-roots":
        if (request.ringHash !== placements.ring.hash) return refused("wrong-owner");
        if (!forest.isBuilt) return refused("building");
        return { type: "hashes", hashes: request.trees.map((tree) => forest.rootOf(tree)) };
      case "tree-hashes":
        if (!forest.isBuilt) return refused("building");
        return { type: "hashes", hashes: forest.hashesOf(request.tree, request.level, request.indexes) };
      case "tree-keys":
        if (!forest.isBuilt) return refused("building");
        return { type: "keys", keys: forest.keysBelow(request.tree, request.leaves) };
      case "tree-sizes":
        if (!forest.isBuilt) return refused("building");
        return { type: "sizes", sizes: await treeSizes.of(request.trees) };
      case "reap":
        return { type: "proofs", holds: await reaping.answer(request) };
      case "exchange":
        if (request.states.some((name) => !this.#isHomeOf(name))) return refused("wrong-owner");
        return { type: "states", states: await antiEntropy.exchange(request.states) };
      case "transfer-offer":
        return takingOver.offered(from, request);
      case "transfer-chunk":
        return takingOver.received(from, request);
      case "transfer-seal":
        return takingOver.sealed(from, request);
    }
  }

  async #replicaGet(request: Of<"replica-get">): Promise<PeerReply> {
    if (request.role === "home" && !this.#holds(request)) return refused("wrong-owner");
    const outcome = await this.#parts.localView.read(request);
    return outcome.type === "state" ? outcome : refused(outcome.reason);
  }

  /** A hint for somebody else is kept as one, and merged here too should this node be a home itself. */
  async #replicaPut(request: Of<"replica-put">): Promise<PeerReply> {
    const { hints, replica } = this.#parts;
    const { hintFor, state, durability } = request;
    const isHome = this.#isHomeOf(request);
    if (hintFor === undefined && !isHome) return refused("wrong-owner");
    const merged = isHome ? await replica.merge(request, state, durability) : undefined;
    if (merged?.type === "refused") return refused(merged.reason);
    if (hintFor !== undefined) {
      const kept = await hints.keep(hintFor.nodeId, request, state, durability);
      return kept.type === "stored" ? kept : refused(kept.reason);
    }
    return merged === undefined ? refused("wrong-owner") : { type: "stored", durability: merged.durability };
  }

  async #forwardWrite(request: ClientWrite, budgetMs: number): Promise<PeerReply> {
    const { admission, clock, coordination, drain, placements, stallWatch } = this.#parts;
    if (drain.isDraining) return { type: "wrote", outcome: drained };
    if (stallWatch.isWaking()) return refused("overloaded");
    const write = admission.write(request);
    if (write.type === "fail") return { type: "wrote", outcome: write };
    const isHome = write.placement.writing.homes.includes(placements.self);
    const { sloppy, versions } = write.placement.bucket;
    if (!isHome && !sloppy && versions !== "lww") return refused("wrong-owner");
    const deadlineMs = clock.monotonicMs() + Math.min(budgetMs, write.timeoutMs);
    return { type: "wrote", outcome: await coordination.coordinate(write, deadlineMs) };
  }

  /** An empty store must not speak for a tree that it was never given. */
  #holds(name: KeyName): boolean {
    const { placements, standing } = this.#parts;
    return standing.now === "member" && placements.of(name).reading.homes.includes(placements.self);
  }

  #isHomeOf(name: { readonly bucket: string; readonly key: string }): boolean {
    const { placements } = this.#parts;
    return placements.of(name).writing.homes.includes(placements.self);
  }
}

/**
 * What is of no use when nobody waits for the answer. A write that is coordinated late is worse than useless: its
 * client has sent it elsewhere, and it would come back beside what has superseded it.
 */
function isForAskerAlone({ type }: DataRequest): boolean {
  return type === "forward-write" || type === "replica-get";
}

/** What clients and strangers have no business with. They may ask for a key, send one, and ping. */
function isBetweenMembers({ type }: DataRequest): boolean {
  switch (type) {
    case "ping":
    case "replica-get":
    case "replica-put":
    case "forward-write":
      return false;
    case "tree-roots":
    case "tree-hashes":
    case "tree-keys":
    case "tree-sizes":
    case "reap":
    case "exchange":
    case "transfer-offer":
    case "transfer-chunk":
    case "transfer-seal":
      return true;
  }
}

const drained: WriteOutcome = {
  type: "fail",
  error: "shutting-down",
  detail: "The node is being drained; another one has to coordinate.",
};

function refused(reason: Reason): PeerReply {
  return { type: "refused", reason };
}
