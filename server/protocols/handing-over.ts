/**
 * The giving side of a transfer (Dynamo §4.9): this node holds a tree that one of its homes lacks, and offers it.
 *
 * Every holder offers to every home that lacks the tree, not only the one that has to go: a write that two of three
 * acknowledged may be missing on any one of them. Who streams is the receiver's choice; all the others only compare.
 * Streaming keeps to a rate, so that clients do not notice. Comparing begins one request time after the ring changed:
 * by then everything that was begun under the old ring is over, and what comes later comes to both.
 */
import type { Intervals, Limits } from "../config.ts";
import type { Clock } from "../ports/clock.ts";
import type { NodeId } from "../ports/network.ts";
import type { Trace } from "../ports/trace.ts";
import type { PeerReply, PeerRequest, TreeName } from "../rpc/messages.ts";
import type { AntiEntropy } from "./anti-entropy.ts";
import type { BackgroundAdmission } from "./background-admission.ts";
import type { OwnHoldings } from "./own-holdings.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { treeId } from "./storage-key.ts";
import type { TreeContents } from "./tree-contents.ts";

export type HandingOverParts = {
  readonly antiEntropy: AntiEntropy;
  readonly background: Pick<BackgroundAdmission, "slice">;
  readonly clock: Clock;
  readonly intervals: Intervals;
  readonly limits: Limits;
  readonly ownHoldings: OwnHoldings;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly trace: Trace;
  readonly treeContents: TreeContents;
};

export type Handover = { readonly tree: TreeName; readonly to: NodeId };

const keysPerChunk = 64;
const chunkBytesMax = 256 * 1024;
/** Conversations of this node at one time. */
const handoversAtOnce = 4;
/** Comparisons of one tree in a row, while writes keep changing it. */
const comparisonsMax = 10;

export class HandingOver {
  readonly #parts: HandingOverParts;
  readonly #underWay = new Map<string, Handover>();
  #isEnding = false;
  #ringHash = "";
  #ringSinceMs = Number.NEGATIVE_INFINITY;
  isPaused = false;

  constructor(parts: HandingOverParts) {
    this.#parts = parts;
  }

  stop(): void {
    this.#isEnding = true;
  }

  underWay(): readonly Handover[] {
    return [...this.#underWay.values()];
  }

  /** Offers what is due, a few at a time; resolves when all of those conversations have ended. */
  async offerAll(): Promise<void> {
    this.#noticeRing();
    const due = this.due();
    const next = due[Symbol.iterator]();
    const worker = async () => {
      for (const handover of next) if (!this.#isOver(handover)) await this.#converse(handover);
    };
    await Promise.all(Array.from({ length: Math.min(handoversAtOnce, due.length) }, worker));
  }

  /** All that this node has and others lack, in order. */
  due(): readonly Handover[] {
    const { ownHoldings, placements } = this.#parts;
    return placements.trees().flatMap((tree) => {
      const { lacking } = placements.occupancyOf(tree);
      const others = lacking.filter((node) => node !== placements.self);
      return others.length > 0 && ownHoldings.has(tree) ? others.map((to) => ({ tree, to })) : [];
    });
  }

  /** Whether `to` has all that this node has of the tree, compared until the roots are equal. */
  async compare({ tree, to }: Handover): Promise<boolean> {
    for (let attempt = 0; attempt < comparisonsMax && !this.#isEnding; attempt += 1) {
      const comparison = await this.#parts.antiEntropy.compareTree(to, tree);
      if (comparison !== "differed") return comparison === "equal";
    }
    return false;
  }

  async #converse(handover: Handover): Promise<void> {
    const { peers } = this.#parts;
    const { tree, to } = handover;
    if (!peers.isHealthy(to)) return;
    const id = `${treeId(tree)} ${to}`;
    this.#underWay.set(id, handover);
    try {
      await this.#handOver(handover);
    } finally {
      this.#underWay.delete(id);
    }
  }

  async #handOver({ tree, to }: Handover): Promise<void> {
    const { trace } = this.#parts;
    const answer = await this.#ask(to, { type: "transfer-offer", tree });
    if (answer?.type !== "transfer-step" || answer.step.type === "held") return;
    trace.emit({ type: "transfer-accepted", to, step: answer.step.type, ...tree });
    if (answer.step.type === "stream" && !(await this.#stream({ tree, to }, answer.step.after))) return;
    if (!this.#isRingSettled() || !(await this.compare({ tree, to }))) return;
    await this.#ask(to, { type: "transfer-seal", tree });
  }

  /** Whether everything after the cursor has arrived. */
  async #stream({ tree, to }: Handover, from: string | null): Promise<boolean> {
    const { background, clock, limits, trace, treeContents } = this.#parts;
    let after = from;
    while (!this.#isOver({ tree, to })) {
      await background.slice();
      const piece = await treeContents.piece(tree, after, { keysMax: keysPerChunk, bytesMax: chunkBytesMax });
      if (piece === undefined) return false;
      const { states, next, byteCount } = piece;
      const answer = await this.#ask(to, { type: "transfer-chunk", tree, states, next });
      if (answer?.type !== "stored") return false;
      trace.emit({ type: "transfer-streamed", to, keyCount: states.length, ...tree });
      if (next === null) return true;
      after = next;
      await clock.sleep((byteCount / limits.transferBytesPerSecondMax) * 1000);
    }
    return false;
  }

  /** No longer wanted, or not now. */
  #isOver({ tree, to }: Handover): boolean {
    const { ownHoldings, placements } = this.#parts;
    if (this.#isEnding || this.isPaused) return true;
    return !placements.occupancyOf(tree).lacking.includes(to) || !ownHoldings.has(tree);
  }

  #noticeRing(): void {
    const { hash } = this.#parts.placements.ring;
    if (hash === this.#ringHash) return;
    this.#ringHash = hash;
    this.#ringSinceMs = this.#parts.clock.monotonicMs();
  }

  #isRingSettled(): boolean {
    this.#noticeRing();
    const { clock, intervals } = this.#parts;
    return clock.monotonicMs() - this.#ringSinceMs >= intervals.requestMs;
  }

  async #ask(to: NodeId, request: PeerRequest): Promise<PeerReply | undefined> {
    const { intervals, peers } = this.#parts;
    const exchange = await peers.ask(to, request, intervals.requestMs);
    return exchange.type === "reply" ? exchange.reply : undefined;
  }
}
