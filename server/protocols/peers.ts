/**
 * Whom this node can reach, from its own traffic alone (Dynamo §4.8.3).
 *
 * Every request to a peer goes through `ask`, and how it ended is evidence. Where there is no traffic, pings go out;
 * to a peer that is down, at growing intervals. The belief steers this node's requests and nothing else: it is told
 * to nobody and never changes the ring.
 *
 * Evidence must be independent. Fifty requests that were under way when a connection broke are one failure, so a
 * failure counts only if its request began after the last one that counted. And a time-out that is noticed much too
 * late says that this node was stopped, not its peer (the local health of Lifeguard), so it counts for nothing.
 */
import type { Intervals } from "../config.ts";
import {
  afterFailure,
  afterSuccess,
  type DetectorSettings,
  defaultDetector,
  isHealthy,
  isPingDue,
  type PeerHealth,
  unknownPeer,
} from "../core/failure-detector.ts";
import { ReplyTimes } from "../core/reply-times.ts";
import type { Clock } from "../ports/clock.ts";
import type { Exchange, Network, NodeId } from "../ports/network.ts";
import type { Random } from "../ports/random.ts";
import type { Trace } from "../ports/trace.ts";
import type { PeerReply, PeerRequest } from "../rpc/messages.ts";
import { Recurring } from "./recurring.ts";

export type PeersParts = {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly trace: Trace;
  readonly intervals: Intervals;
  readonly self: NodeId;
};

/** Requests whose replies tell when a peer is late. */
export type TimedRequest = "replica-get" | "replica-put";

type Watched = {
  health: PeerHealth;
  lastFailureMs: number;
  isPinging: boolean;
  readonly replyTimes: Readonly<Record<TimedRequest, ReplyTimes>>;
};

/** How late a time-out may be noticed before this node blames itself. */
const latenessMsMax = 100;

export class Peers {
  readonly #parts: PeersParts;
  readonly #settings: DetectorSettings;
  readonly #watched = new Map<NodeId, Watched>();
  readonly #pinging: Recurring;
  #ids: readonly NodeId[] = [];
  #reconcile: (peer: NodeId) => Promise<boolean> = async () => false;

  constructor(parts: PeersParts) {
    const { clock, intervals } = parts;
    this.#parts = parts;
    this.#settings = { ...defaultDetector, pingMs: intervals.pingMs, pingMaxMs: intervals.pingMaxMs };
    this.#pinging = new Recurring(
      clock,
      () => this.#nextPingInMs(),
      () => this.#pingDue(),
    );
  }

  /** All other members, in order. */
  get ids(): readonly NodeId[] {
    return this.#ids;
  }

  /** From now on these are the members; what is known of those that were there before is kept. */
  follow(members: Iterable<NodeId>): void {
    this.#ids = [...members].filter((member) => member !== this.#parts.self).toSorted();
    const nowMs = this.#parts.clock.monotonicMs();
    for (const id of this.#watched.keys()) if (!this.#ids.includes(id)) this.#watched.delete(id);
    for (const id of this.#ids) {
      if (this.#watched.has(id)) continue;
      this.#watched.set(id, {
        health: unknownPeer(nowMs),
        lastFailureMs: Number.NEGATIVE_INFINITY,
        isPinging: false,
        replyTimes: { "replica-get": new ReplyTimes(), "replica-put": new ReplyTimes() },
      });
      this.#pinging.hasten();
    }
  }

  /** What to do when a peer sees another ring: whether both know the same afterwards. */
  reconcileBy(reconcile: (peer: NodeId) => Promise<boolean>): void {
    this.#reconcile = reconcile;
  }

  start(): void {
    this.#pinging.start(0);
  }

  stop(): Promise<void> {
    return this.#pinging.stop();
  }

  /** Whether requests should go there. Nobody else is a member, so nobody else is healthy. */
  isHealthy(id: NodeId): boolean {
    const watched = this.#watched.get(id);
    return watched !== undefined && isHealthy(watched.health);
  }

  /** How long to wait for this peer before somebody else is asked beside it. */
  patienceMs(id: NodeId, request: TimedRequest): number {
    const usualMs = this.#parts.intervals.escalateMs;
    return this.#watched.get(id)?.replyTimes[request].patienceMs(usualMs) ?? usualMs;
  }

  unreachable(): readonly NodeId[] {
    return this.ids.filter((id) => !this.isHealthy(id));
  }

  /**
   * Asks one peer and takes the ending as evidence. If the peer sees another ring, they are reconciled and it is asked
   * once more. Never rejects.
   */
  async ask(to: NodeId, request: PeerRequest, timeoutMs: number): Promise<Exchange> {
    const { clock, network } = this.#parts;
    const startMs = clock.monotonicMs();
    const exchange = await network.request(to, request, timeoutMs);
    this.#noteEnding(to, request, { exchange, timeoutMs, sentMs: startMs });
    if (!isOfType(exchange, "wrong-ring") || !(await this.#reconcile(to))) return exchange;
    const sentMs = clock.monotonicMs();
    const remainingMs = timeoutMs - (sentMs - startMs);
    if (remainingMs <= 0) return exchange;
    const again = await network.request(to, request, remainingMs);
    this.#noteEnding(to, request, { exchange: again, timeoutMs: remainingMs, sentMs });
    return again;
  }

  #noteEnding(
    to: NodeId,
    request: PeerRequest,
    {
      exchange,
      timeoutMs,
      sentMs,
    }: { readonly exchange: Exchange; readonly timeoutMs: number; readonly sentMs: number },
  ): void {
    const nowMs = this.#parts.clock.monotonicMs();
    if (exchange.type === "reply") {
      if (isOutOfService(exchange.reply)) this.#failed(to, sentMs, nowMs);
      else this.#answered(to, nowMs);
      if (request.type === "replica-get" || request.type === "replica-put") {
        this.#watched.get(to)?.replyTimes[request.type].observe(nowMs - sentMs);
      }
    } else if (exchange.reason !== "timeout" || this.#isConclusive(timeoutMs, nowMs - sentMs)) {
      this.#failed(to, sentMs, nowMs);
    }
  }

  /** A request came from there. It proves only one direction, so it is a reason to try the other one now. */
  heardFrom(id: NodeId): void {
    const watched = this.#watched.get(id);
    if (watched === undefined || isHealthy(watched.health)) return;
    const nowMs = this.#parts.clock.monotonicMs();
    if (isPingDue(watched.health, nowMs)) return;
    watched.health = { ...watched.health, nextPingMs: nowMs };
    this.#pinging.hasten();
  }

  /** Pings every peer now; returns those that did not answer. */
  async pingAll(): Promise<readonly NodeId[]> {
    const answers = await Promise.all(this.ids.map((id) => this.#ping(id)));
    return this.ids.filter((_, index) => answers[index] !== true);
  }

  #pingDue(): Promise<void> | undefined {
    const nowMs = this.#parts.clock.monotonicMs();
    const pings: Promise<boolean>[] = [];
    for (const [id, { health, isPinging }] of this.#watched) {
      if (!isPinging && isPingDue(health, nowMs)) pings.push(this.#ping(id));
    }
    return pings.length === 0 ? undefined : Promise.all(pings).then(() => {});
  }

  /** Until the next one is due; not so soon that those which are due soon after it would go out one by one. */
  #nextPingInMs(): number {
    const { clock, intervals } = this.#parts;
    const dueMs = [...this.#watched.values()].map(({ health }) => health.nextPingMs);
    const waitMs = Math.min(intervals.pingMs, ...dueMs.map((atMs) => atMs - clock.monotonicMs()));
    return Math.max(intervals.pingMs / 10, waitMs);
  }

  async #ping(id: NodeId): Promise<boolean> {
    const watched = this.#watched.get(id);
    if (watched === undefined) return false;
    watched.isPinging = true;
    const exchange = await this.ask(id, { type: "ping" }, this.#parts.intervals.pingTimeoutMs);
    watched.isPinging = false;
    return exchange.type === "reply" && exchange.reply.type === "pong";
  }

  /** A short wait proves nothing: the client that set it was in a hurry. Neither does one that was overslept. */
  #isConclusive(timeoutMs: number, waitedMs: number): boolean {
    return timeoutMs >= this.#parts.intervals.escalateMs && waitedMs <= timeoutMs + latenessMsMax;
  }

  #answered(id: NodeId, nowMs: number): void {
    const watched = this.#watched.get(id);
    if (watched === undefined) return;
    const wasHealthy = isHealthy(watched.health);
    watched.health = afterSuccess(this.#settings, nowMs);
    if (!wasHealthy) this.#parts.trace.emit({ type: "peer-recovered", peer: id });
  }

  #failed(id: NodeId, sentMs: number, nowMs: number): void {
    const watched = this.#watched.get(id);
    if (watched === undefined || sentMs < watched.lastFailureMs) return;
    const wasHealthy = isHealthy(watched.health);
    const jitter = this.#parts.random.uniform();
    watched.health = afterFailure(this.#settings, watched.health, { nowMs, jitter });
    watched.lastFailureMs = nowMs;
    if (wasHealthy && !isHealthy(watched.health))
      this.#parts.trace.emit({ type: "peer-suspected", peer: id });
  }
}

const outOfService = ["wrong-ring", "unknown-incarnation", "shutting-down"];

/** The peer answers, and says that it is not there for us. */
function isOutOfService(reply: PeerReply): boolean {
  return reply.type === "refused" && outOfService.includes(reply.reason);
}

function isOfType(exchange: Exchange, reason: "wrong-ring"): boolean {
  return exchange.type === "reply" && exchange.reply.type === "refused" && exchange.reply.reason === reason;
}
