/**
 * What one node believes of one peer (Dynamo §4.8.3): alive, suspect or down, from its own traffic alone.
 *
 * Detection is local. Whether others reach the peer does not matter, since only this node's requests are at
 * stake; and a belief never changes the ring. Failures in a row make a peer suspect, then down; one success
 * brings it back. With no traffic, pings go out, to a failing peer at growing intervals. A node that is
 * itself slow blames itself: `stretch` above 1 asks for as many times more failures (Lifeguard's local
 * health).
 *
 * Time is told, monotonic and in ms; nothing here looks at a clock.
 */
export type PeerStatus = "alive" | "suspect" | "down";

export type DetectorSettings = {
  /** Failures in a row after which a peer is down. More means slower to route round, fewer false alarms. */
  readonly downAfterCount: number;
  /** Between pings to a peer that answers. */
  readonly pingMs: number;
  /** Upper bound of the growing interval between pings to one that does not. */
  readonly pingMaxMs: number;
};

export type PeerHealth = {
  readonly status: PeerStatus;
  readonly failureCount: number;
  readonly nextPingMs: number;
};

export const defaultDetector: DetectorSettings = { downAfterCount: 3, pingMs: 1000, pingMaxMs: 3000 };

/** A peer nothing is known of counts as alive, and is pinged at once. */
export function unknownPeer(nowMs: number): PeerHealth {
  return { status: "alive", failureCount: 0, nextPingMs: nowMs };
}

/** The peer answered: alive whatever was before. */
export function afterSuccess(settings: DetectorSettings, nowMs: number): PeerHealth {
  return { status: "alive", failureCount: 0, nextPingMs: nowMs + settings.pingMs };
}

/**
 * The peer did not answer. `stretch` >= 1 multiplies the failures needed; `jitter` in [0, 1) spreads the
 * pings of many nodes to one that comes back.
 */
export function afterFailure(
  settings: DetectorSettings,
  health: PeerHealth,
  { nowMs, stretch = 1, jitter = 0 }: { nowMs: number; stretch?: number; jitter?: number },
): PeerHealth {
  const failureCount = health.failureCount + 1;
  const doubled = settings.pingMs * 2 ** Math.min(failureCount - 1, 20);
  const waitMs = Math.min(doubled, settings.pingMaxMs) * (1 - jitter / 4);
  return {
    status: failureCount >= settings.downAfterCount * stretch ? "down" : "suspect",
    failureCount,
    nextPingMs: nowMs + waitMs,
  };
}

/** Suspects still get requests; a peer that is down gets pings only. */
export function isHealthy(health: PeerHealth): boolean {
  return health.status !== "down";
}

export function isPingDue(health: PeerHealth, nowMs: number): boolean {
  return nowMs >= health.nextPingMs;
}
