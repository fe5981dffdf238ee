/**
 * The receiving side of a transfer (Dynamo §4.9): this node is a home of a tree that it does not hold yet.
 *
 *     offer ──► stream ──► seal, by as many holders as it takes ──► held, told to everybody
 *
 * Writes come here from the moment the ring has changed. What was written before is streamed by one holder, piece by
 * piece in storage order; how far it has come is on the disk, so a crash of either side costs one piece. Then each
 * holder compares its tree with ours until the roots are equal, and that is its seal. With seals of enough holders
 * this node has a copy of everything that was ever acknowledged, says that it holds the tree, and is read from.
 *
 * Seals are kept in memory alone: a node that was down has missed writes, and must be compared with again.
 */
import type { Intervals } from "../config.ts";
import { handoversNeeded } from "../core/occupancy.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Trace } from "../ports/trace.ts";
import type { PeerReply, PeerRequest, TransferStep, TreeName } from "../rpc/messages.ts";
import type { ClusterRecord } from "./cluster-record.ts";
import type { Disk } from "./disk.ts";
import type { Forest } from "./forest.ts";
import type { Gossip } from "./gossip.ts";
import { impossible } from "./impossible.ts";
import type { OwnHoldings } from "./own-holdings.ts";
import type { Placements } from "./placement.ts";
import type { Replica } from "./replica.ts";
import type { StandingInCluster } from "./standing.ts";
import { treeId } from "./storage-key.ts";

type Of<Type extends PeerRequest["type"]> = Extract<PeerRequest, { type: Type }>;

export type TakingOverParts = {
  readonly clock: Clock;
  readonly disk: Disk;
  readonly forest: Forest;
  readonly gossip: Gossip;
  readonly intervals: Intervals;
  readonly ownHoldings: OwnHoldings;
  readonly placements: Placements;
  readonly record: ClusterRecord;
  readonly replica: Replica;
  readonly standing: StandingInCluster;
  readonly trace: Trace;
};

/** `after`: up to where everything is here, in storage order. */
type Progress = {
  source: NodeId | undefined;
  heardMs: number;
  after: string | null;
  isFilled: boolean;
  readonly sealedBy: Set<NodeId>;
};

/** Trees streamed to this node at one time. */
const streamsAtOnce = 4;

export class TakingOver {
  readonly #parts: TakingOverParts;
  readonly #progress = new Map<string, Progress>();

  constructor(parts: TakingOverParts) {
    this.#parts = parts;
    parts.record.onChange(() => this.#prune());
  }

  async offered(from: NodeId, { tree }: Of<"transfer-offer">): Promise<PeerReply> {
    const { clock, disk, forest } = this.#parts;
    if (!this.#isWanted(tree)) return this.#isHome(tree) ? step({ type: "held" }) : refused("wrong-owner");
    if (disk.isReadOnly) return refused("storage");
    if (!forest.isBuilt) return refused("building");
    const progress = await this.#progressOf(tree);
    if (progress.sealedBy.has(from)) return step({ type: "held" });
    if (progress.isFilled) return step({ type: "seal" });
    const isFree = progress.source === undefined || progress.source === from || this.#isStale(progress);
    if (!isFree || this.#streamCount(progress) >= streamsAtOnce) return refused("overloaded");
    progress.source = from;
    progress.heardMs = clock.monotonicMs();
    return step({ type: "stream", after: progress.after });
  }

  async received(from: NodeId, { tree, states, next }: Of<"transfer-chunk">): Promise<PeerReply> {
    const { clock, disk, replica } = this.#parts;
    const progress = this.#progress.get(treeId(tree));
    if (!this.#isWanted(tree) || progress?.source !== from) return refused("wrong-owner");
    for (const { bucket, key, state } of states) {
      const merged = await replica.merge({ bucket, key }, state, "synced");
      if (merged.type === "refused") return refused(merged.reason);
    }
    progress.heardMs = clock.monotonicMs();
    progress.after = next ?? progress.after;
    progress.isFilled = next === null;
    // Unsynced: a cursor that is behind costs one piece sent again.
    const bytes = new TextEncoder().encode(next ?? "");
    await disk.write([{ type: "put", space: "meta", key: cursorKeyOf(tree), bytes }], "buffered");
    return { type: "stored", durability: "synced" };
  }

  async sealed(from: NodeId, { tree }: Of<"transfer-seal">): Promise<PeerReply> {
    if (!this.#isWanted(tree)) return this.#isHome(tree) ? step({ type: "held" }) : refused("wrong-owner");
    const progress = await this.#progressOf(tree);
    progress.sealedBy.add(from);
    this.#parts.trace.emit({ type: "transfer-sealed", from, ...tree });
    await this.confirm([tree]);
    return step(this.#isWanted(tree) ? { type: "seal" } : { type: "held" });
  }

  /** Says that this node holds those of `trees` for which enough holders have handed over. */
  async confirm(trees: readonly TreeName[]): Promise<void> {
    const { gossip, ownHoldings, trace } = this.#parts;
    const complete = trees.filter((tree) => this.#isWanted(tree) && this.#isComplete(tree));
    if (complete.length === 0 || !(await ownHoldings.gain(complete))) return;
    for (const tree of complete) trace.emit({ type: "tree-held", ...tree });
    gossip.spread().catch(impossible);
  }

  /** Trees this node is a home of and does not hold. */
  wanted(): readonly TreeName[] {
    return this.#parts.placements.trees().filter((tree) => this.#isWanted(tree));
  }

  /** Forgets how far a tree had come, before what came of it is deleted. */
  async forget(tree: TreeName): Promise<void> {
    this.#progress.delete(treeId(tree));
    await this.#parts.disk.write([{ type: "delete", space: "meta", key: cursorKeyOf(tree) }], "buffered");
  }

  #isHome(tree: TreeName): boolean {
    const { placements } = this.#parts;
    return placements.occupancyOf(tree).homes.includes(placements.self);
  }

  #isWanted(tree: TreeName): boolean {
    const { placements, standing } = this.#parts;
    return standing.now === "member" && placements.occupancyOf(tree).lacking.includes(placements.self);
  }

  #isComplete(tree: TreeName): boolean {
    const { placements } = this.#parts;
    const sealedBy = this.#progress.get(treeId(tree))?.sealedBy ?? new Set();
    const w = placements.leastW(tree.copies);
    return [...placements.occupancyOf(tree).holders.values()].every((holders) => {
      if (holders.includes(placements.self)) return true;
      const sealedCount = holders.filter((holder) => sealedBy.has(holder)).length;
      return sealedCount >= handoversNeeded({ holders: holders.length, copies: tree.copies, w });
    });
  }

  async #progressOf(tree: TreeName): Promise<Progress> {
    const id = treeId(tree);
    const cursor = await this.#parts.disk.read("meta", cursorKeyOf(tree));
    const known = this.#progress.get(id);
    if (known !== undefined) return known;
    const text = cursor.type === "found" ? new TextDecoder().decode(cursor.bytes) : undefined;
    const progress: Progress = {
      source: undefined,
      heardMs: 0,
      after: text === undefined || text === "" ? null : text,
      isFilled: text === "",
      sealedBy: new Set(),
    };
    this.#progress.set(id, progress);
    return progress;
  }

  #isStale({ heardMs }: Progress): boolean {
    const { clock, intervals } = this.#parts;
    return clock.monotonicMs() - heardMs > 3 * intervals.requestMs;
  }

  #streamCount(except: Progress): number {
    return [...this.#progress.values()].filter(
      (one) => one !== except && one.source !== undefined && !one.isFilled && !this.#isStale(one),
    ).length;
  }

  /** A tree that is not to come here any more begins anew should it come back. */
  #prune(): void {
    const wanted = new Set(this.wanted().map(treeId));
    for (const id of this.#progress.keys()) if (!wanted.has(id)) this.#progress.delete(id);
  }
}

function cursorKeyOf(tree: TreeName): string {
  return `transfer/${treeId(tree)}`;
}

function step(next: TransferStep): PeerReply {
  return { type: "transfer-step", step: next };
}

function refused(reason: Extract<PeerReply, { type: "refused" }>["reason"]): PeerReply {
  return { type: "refused", reason };
}
