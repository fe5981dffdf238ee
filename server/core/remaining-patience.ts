/**
 * How long an asker still waits when its request is read, although its clock is another one.
 *
 * A request may have waited on its way: in the kernel of its sender behind a cut, in a proxy, in the socket of a node
 * that was stopped or has more to do than it can. By then its asker has given up and asked somebody else. To
 * coordinate such a write gives it a second event, perhaps when it has long been superseded and more writes have
 * passed than a key remembers (`recent` in versions.ts); to read for nobody keeps an overloaded node overloaded.
 *
 * The reading of the sender's clock that comes with a request tells its age once the two clocks can be compared. The
 * quickest request of late is what compares them: one that took longer than that one is older by the difference. It
 * is never thought older than it is by more than the clocks run apart within two spans. A span is counted from
 * arrivals, so however long nothing came, what comes first is still measured by what came before.
 */
import type { NodeId, Sender } from "../ports/network.ts";

/** For so long at least, and at most for twice as long, the quickest request counts. */
export const spanMs = 5_000;
/** Senders remembered at once; the one that was met first is forgotten, and compared anew. */
const senderCountMax = 1_024;

type Met = {
  readonly incarnation: string;
  readonly boot: number;
  /** Smallest difference of the two clocks at an arrival, of this span and of the one before. */
  leastMs: number;
  leastBeforeMs: number;
  spanSinceMs: number;
};

/** Changes in place: it is told of every request. */
export class RemainingPatience {
  readonly #met = new Map<NodeId, Met>();

  /**
   * Of a request that its sender sent at `sentMs` with `budgetMs` left, on the sender's monotonic clock, and that is
   * read at `nowMs` on this node's. From 0 to `budgetMs`.
   */
  of(
    {
      sender,
      sentMs,
      budgetMs,
    }: { readonly sender: Sender; readonly sentMs: number; readonly budgetMs: number },
    nowMs: number,
  ): number {
    const met = this.#metOf(sender, nowMs);
    if (nowMs - met.spanSinceMs >= spanMs) {
      met.leastBeforeMs = met.leastMs;
      met.leastMs = Number.POSITIVE_INFINITY;
      met.spanSinceMs = nowMs;
    }
    const apartMs = nowMs - sentMs;
    met.leastMs = Math.min(met.leastMs, apartMs);
    const lateMs = apartMs - Math.min(met.leastMs, met.leastBeforeMs);
    return Math.max(0, budgetMs - lateMs);
  }

  /** Another boot has another clock. */
  #metOf({ nodeId, incarnation, boot }: Sender, nowMs: number): Met {
    const known = this.#met.get(nodeId);
    if (known?.incarnation === incarnation && known.boot === boot) return known;
    const none = Number.POSITIVE_INFINITY;
    const met = { incarnation, boot, leastMs: none, leastBeforeMs: none, spanSinceMs: nowMs };
    if (known === undefined && this.#met.size >= senderCountMax) {
      const [first = nodeId] = this.#met.keys();
      this.#met.delete(first);
    }
    this.#met.set(nodeId, met);
    return met;
  }
}
