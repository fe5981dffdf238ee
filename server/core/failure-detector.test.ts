import { describe, expect, it } from "vitest";
import {
  afterFailure,
  afterSuccess,
  type DetectorSettings,
  isHealthy,
  isPingDue,
  type PeerHealth,
  unknownPeer,
} from "./failure-detector.ts";

const settings: DetectorSettings = { downAfterCount: 3, pingMs: 1000, pingMaxMs: 3000 };

const failTimes = (count: number, stretch = 1): PeerHealth => {
  let health = unknownPeer(0);
  for (let failure = 0; failure < count; failure++) {
    health = afterFailure(settings, health, { nowMs: 100, stretch });
  }
  return health;
};

describe("the failure detector", () => {
  it("takes an unknown peer for alive and pings it at once", () => {
    expect(isHealthy(unknownPeer(50))).toBe(true);
    expect(isPingDue(unknownPeer(50), 50)).toBe(true);
  });

  it("suspects at the first failure and gives up at the third", () => {
    expect([1, 2, 3, 4].map((count) => failTimes(count).status)).toEqual([
      "suspect",
      "suspect",
      "down",
      "down",
    ]);
    expect(isHealthy(failTimes(2))).toBe(true);
    expect(isHealthy(failTimes(3))).toBe(false);
  });

  it("believes one success, however many failures came before", () => {
    expect(failTimes(9).status).toBe("down");
    expect(afterSuccess(settings, 100)).toEqual({ status: "alive", failureCount: 0, nextPingMs: 1100 });
  });

  it("counts failures in a row only", () => {
    const recovered = afterSuccess(settings, 100);

    expect(afterFailure(settings, recovered, { nowMs: 200 }).status).toBe("suspect");
  });

  it("pings a silent peer less and less often, up to a bound", () => {
    const waits = [1, 2, 3, 4, 50].map((count) => failTimes(count).nextPingMs - 100);

    expect(waits).toEqual([1000, 2000, 3000, 3000, 3000]);
  });

  it("spreads pings by jitter, never beyond the interval", () => {
    const health = afterFailure(settings, unknownPeer(0), { nowMs: 100, jitter: 0.8 });

    expect(health.nextPingMs).toBe(900);
  });

  it("asks for more failures when the observer itself is slow", () => {
    expect(failTimes(3, 2).status).toBe("suspect");
    expect(failTimes(6, 2).status).toBe("down");
  });
});
