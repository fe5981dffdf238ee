/**
 * Finds a coordinator for a client's write (Dynamo §4.5, 5): the home that answered the client's read first, else
 * this node if it is a home, else the first healthy home; in a sloppy bucket, when no home is healthy, the first
 * healthy fallback. In an lww bucket it is simply this node.
 *
 * A write is forwarded over one hop at most: whoever receives it coordinates or refuses. If that node declines, the
 * next one is asked; if it is silent for a while, the next one is asked beside it, and beside two who are silent this
 * node takes the write itself if it may: cut off from every home, it need not know that yet to be writable. Several
 * coordinators for one write do no harm, since all mint it under the client's write id and replicas merge the copies
 * into one version.
 */
import type { Intervals } from "../config.ts";
import type { HedgeBudget } from "../core/hedge-budget.ts";
import type { WriteOutcome } from "../outcomes.ts";
import type { Clock } from "../ports/clock.ts";
import type { Exchange, NodeId } from "../ports/network.ts";
import type { Trace } from "../ports/trace.ts";
import type { PeerRequest } from "../rpc/messages.ts";
import type { AdmittedWrite } from "./admission.ts";
import { deferred } from "./deferred.ts";
import type { Disk } from "./disk.ts";
import type { Peers } from "./peers.ts";
import type { Placements } from "./placement.ts";
import { keyOf } from "./replica.ts";
import type { WriteCoordination } from "./write-coordination.ts";

export type WriteRoutingParts = {
  readonly clock: Clock;
  /** Asked only where this node is a candidate itself; a client that links these modules never is. */
  readonly coordination: Pick<WriteCoordination, "coordinate">;
  readonly disk: Pick<Disk, "isReadOnly">;
  readonly hedges: HedgeBudget;
  readonly intervals: Intervals;
  readonly peers: Peers;
  readonly placements: Placements;
  readonly trace: Trace;
};

/** How one candidate ended: with an outcome that stands, with a refusal that leaves others to ask, or with silence. */
type Attempt =
  | { readonly type: "settled"; readonly node: NodeId; readonly outcome: WriteOutcome }
  | { readonly type: "declined"; readonly node: NodeId; readonly outcome: WriteOutcome }
  | { readonly type: "silent"; readonly node: NodeId };

export class WriteRouting {
  readonly #parts: WriteRoutingParts;

  constructor(parts: WriteRoutingParts) {
    this.#parts = parts;
  }

  /** Never rejects. `fail` only if every node that was asked said so itself. */
  async write(write: AdmittedWrite, deadlineMs: number): Promise<WriteOutcome> {
    const { clock, intervals, placements } = this.#parts;
    const waiting = [...this.#candidates(write)];
    const underWay = new Map<NodeId, Promise<Attempt>>();
    let lastRefusal = nobody;
    let isUncertain = false;
    const ask = (node: NodeId | undefined): void => {
      if (node === undefined || clock.monotonicMs() >= deadlineMs) return;
      waiting.splice(waiting.indexOf(node), 1);
      underWay.set(node, this.#attempt(node, write, deadlineMs));
    };
    ask(waiting[0]);
    while (underWay.size > 0) {
      // Nobody is asked beside this node alone, so there is nothing to be woken for.
      const alone = underWay.size === 1 ? underWay.get(placements.self) : undefined;
      const ended = await (alone ?? firstOf([...underWay.values()], clock, intervals.escalateMs));
      if (ended === undefined) {
        ask(this.#beside(underWay, waiting));
        continue;
      }
      underWay.delete(ended.node);
      if (ended.type === "settled") return certainOnly(ended.outcome, isUncertain || underWay.size > 0);
      if (ended.type === "silent") isUncertain = true;
      else lastRefusal = ended.outcome;
      ask(waiting[0]);
    }
    return isUncertain ? silence : lastRefusal;
  }

  /**
   * Who is asked beside those that are silent. Two others at once are enough, and this node is not silent, only busy
   * with a round that doubles its replicas itself: more would answer a slow moment with more load.
   */
  #beside(underWay: ReadonlyMap<NodeId, unknown>, waiting: readonly NodeId[]): NodeId | undefined {
    const { hedges, placements } = this.#parts;
    const { self } = placements;
    if (underWay.has(self)) return undefined;
    const node = underWay.size < 2 ? waiting[0] : waiting.find((candidate) => candidate === self);
    return node !== undefined && hedges.spend() ? node : undefined;
  }

  /** In the order in which they are asked; each node once. */
  #candidates({ placement, fastest }: AdmittedWrite): readonly NodeId[] {
    const { peers, placements, disk } = this.#parts;
    const { self } = placements;
    const canWrite = (node: NodeId) => (node === self ? !disk.isReadOnly : peers.isHealthy(node));
    const homes = placement.writing.homes.filter(canWrite);
    const fallbacks = placement.bucket.sloppy ? placement.writing.fallbacks.filter(canWrite) : [];
    const preferred = [fastest, self].filter((node) => homes.includes(node));
    // A wall-clock stamp asks nothing of what is there, so whoever is asked can give it, home or not (§6.4).
    const anyone = placement.bucket.versions === "lww" && canWrite(self) ? [self] : [];
    return [...new Set([...anyone, ...preferred, ...homes, ...fallbacks])];
  }

  async #attempt(node: NodeId, write: AdmittedWrite, deadlineMs: number): Promise<Attempt> {
    const { clock, coordination, peers, placements, trace } = this.#parts;
    if (node === placements.self) return classified(node, await coordination.coordinate(write, deadlineMs));
    trace.emit({ type: "write-forwarded", ...keyOf(write.name), to: node });
    const remainingMs = Math.max(1, deadlineMs - clock.monotonicMs());
    return attemptOf(node, await peers.ask(node, forwardOf(write, remainingMs), remainingMs));
  }
}

function attemptOf(node: NodeId, exchange: Exchange): Attempt {
  if (exchange.type === "unreachable") return { type: "silent", node };
  const { reply } = exchange;
  if (reply.type === "wrote") return classified(node, reply.outcome);
  const reason = reply.type === "refused" ? reply.reason : "malformed";
  const detail = `The coordinator ${node} refused the write: ${reason}.`;
  return { type: "declined", node, outcome: { type: "fail", error: "overloaded", detail } };
}

/** Some refusals are about the node that gave them, and another node may do better. */
function classified(node: NodeId, outcome: WriteOutcome): Attempt {
  const isOfNode =
    outcome.type === "fail" &&
    ["overloaded", "read-only", "shutting-down", "quorum-unmet"].includes(outcome.error);
  return { type: isOfNode ? "declined" : "settled", node, outcome };
}

/** A refusal is definite only while no other coordinator may have the write. */
function certainOnly(outcome: WriteOutcome, isUncertain: boolean): WriteOutcome {
  return outcome.type === "fail" && isUncertain ? { ...outcome, type: "info" } : outcome;
}

function forwardOf(write: AdmittedWrite, timeoutMs: number): PeerRequest {
  const { name, value, token, writeId, n, w, pw, dw } = write;
  const context = token === undefined ? {} : { context: token };
  const copies = n === undefined ? {} : { n };
  return {
    type: "forward-write",
    write: { ...keyOf(name), value, ...context, writeId, ...copies, w, pw, dw, timeoutMs },
  };
}

/** The first attempt to end, or undefined when `waitMs` have passed without one. */
async function firstOf(
  attempts: readonly Promise<Attempt>[],
  clock: Clock,
  waitMs: number,
): Promise<Attempt | undefined> {
  const tick = deferred<undefined>();
  const cancel = clock.after(waitMs, () => tick.resolve(undefined));
  const first = await Promise.race([...attempts, tick.promise]);
  cancel();
  return first;
}

const nobody: WriteOutcome = {
  type: "fail",
  error: "quorum-unmet",
  detail: "No home node is reachable and the bucket allows no other; nothing was written.",
  needed: 1,
  had: 0,
};

const silence: WriteOutcome = {
  type: "info",
  error: "timeout",
  detail: "The coordinator did not answer in time; the write may still take effect.",
};
