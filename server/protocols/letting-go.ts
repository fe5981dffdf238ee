/**
 * The end of a transfer (Dynamo §4.9): this node has a tree that belongs to others now, and drops it, last of all.
 *
 * It lets go when every home says that it holds the tree, when every member has been told so by this node itself and
 * therefore reads from those homes, when requests begun before that are over, and when a comparison has shown each
 * home to have all that is here. First it says that it no longer holds; only then is anything deleted. A crash in
 * between leaves records that count for nothing: they are given to the homes once more and deleted.
 */
import type { Intervals } from "../config.ts";
import type { Clock } from "../ports/clock.ts";
import type { Trace } from "../ports/trace.ts";
import type { TreeName } from "../rpc/messages.ts";
import type { AntiEntropy } from "./anti-entropy.ts";
import type { Forest } from "./forest.ts";
import type { Gossip } from "./gossip.ts";
import type { HandingOver } from "./handing-over.ts";
import { impossible } from "./impossible.ts";
import type { OwnHoldings } from "./own-holdings.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import type { TakingOver } from "./taking-over.ts";
import type { TreeContents } from "./tree-contents.ts";

export type LettingGoParts = {
  readonly antiEntropy: AntiEntropy;
  readonly clock: Clock;
  readonly forest: Forest;
  readonly gossip: Gossip;
  readonly handingOver: HandingOver;
  readonly intervals: Intervals;
  readonly ownHoldings: OwnHoldings;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly takingOver: TakingOver;
  readonly trace: Trace;
  readonly treeContents: TreeContents;
};

export class LettingGo {
  readonly #parts: LettingGoParts;

  constructor(parts: LettingGoParts) {
    this.#parts = parts;
  }

  /** Trees that are held here and belong elsewhere. */
  outgoing(): readonly TreeName[] {
    const { ownHoldings, placements } = this.#parts;
    return placements.trees().filter((tree) => !this.#isHome(tree) && ownHoldings.has(tree));
  }

  /** Trees of which something is here that counts for nothing. */
  leftovers(): readonly TreeName[] {
    const { forest, ownHoldings } = this.#parts;
    if (!forest.isBuilt) return [];
    return forest.names().filter((tree) => !this.#isHome(tree) && !ownHoldings.has(tree));
  }

  /** Goes as far as it can; what is not possible yet is tried again at the next call. */
  async letGo(): Promise<void> {
    await this.#release();
    for (const tree of this.leftovers()) {
      if (await this.#giveAway(tree)) await this.#sweep(tree);
    }
  }

  async #release(): Promise<void> {
    const { clock, gossip, handingOver, intervals, ownHoldings, peers, placements, trace } = this.#parts;
    const due = this.outgoing().filter((tree) => this.#isHeldByHomes(tree));
    if (due.length === 0 || handingOver.isPaused) return;
    const ringHash = placements.ring.hash;
    const told = await gossip.spread();
    if (peers.ids.some((peer) => !told.includes(peer))) return;
    await clock.sleep(intervals.requestMs);
    const released: TreeName[] = [];
    for (const tree of due) if (await this.#isCovered(tree)) released.push(tree);
    const isUnchanged =
      ringHash === placements.ring.hash && released.every((tree) => this.#isHeldByHomes(tree));
    if (!isUnchanged || released.length === 0 || !(await ownHoldings.release(released))) return;
    for (const tree of released) trace.emit({ type: "tree-released", ...tree });
    gossip.spread().catch(impossible);
    for (const tree of released) await this.#sweep(tree);
  }

  #isHome(tree: TreeName): boolean {
    const { placements } = this.#parts;
    return placements.occupancyOf(tree).homes.includes(placements.self);
  }

  #isHeldByHomes(tree: TreeName): boolean {
    const { homes, lacking } = this.#parts.placements.occupancyOf(tree);
    return homes.length > 0 && lacking.length === 0 && !this.#isHome(tree);
  }

  async #isCovered(tree: TreeName): Promise<boolean> {
    const { handingOver, placements } = this.#parts;
    for (const to of placements.occupancyOf(tree).homes) {
      if (!(await handingOver.compare({ tree, to }))) return false;
    }
    return true;
  }

  /** Whether every home has taken all that is left here. */
  async #giveAway(tree: TreeName): Promise<boolean> {
    const { antiEntropy, placements } = this.#parts;
    const { homes } = placements.occupancyOf(tree);
    if (homes.length === 0) return false;
    for (const home of homes) if (!(await antiEntropy.push(home, tree))) return false;
    return true;
  }

  /** Deletes what is here of a tree, except what has become this node's again meanwhile. */
  async #sweep(tree: TreeName): Promise<void> {
    const { forest, ownHoldings, takingOver, treeContents } = this.#parts;
    if (this.#isHome(tree) || ownHoldings.has(tree)) return;
    await takingOver.forget(tree);
    for (const name of forest.namesIn(tree)) {
      await treeContents.drop(name, () => !this.#isHome(tree) && !ownHoldings.has(tree));
    }
  }
}
