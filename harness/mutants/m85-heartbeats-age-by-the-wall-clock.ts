import type { Mutant } from "./mutant.ts";

export const m85: Mutant = {
  id: "M85",
  name: "a peer is down when its last word is old by the wall clock",
  change: {
    file: "server/protocols/peers.ts",
    find: "    return watched !== undefined && isHealthy(watched.health);",
    replacement:
      "    if (watched === undefined) return false;\n    const { clock, intervals } = this.#parts;\n    const started = globalThis as { wallLeadMs?: number };\n    const wallLeadMs = (started.wallLeadMs ??= clock.wallMs() - clock.monotonicMs());\n    const ageMs = clock.wallMs() - wallLeadMs - (watched.health.nextPingMs - intervals.pingMs);\n    return isHealthy(watched.health) && ageMs < 10_000;",
  },
  story:
    "One node's clock jumps ahead by a day. To that node every peer is down at once, so it refuses what it could have done with all of them.",
  plan: { rate: 200, windowMs: 8000, windows: [[{ kind: "clock", nodes: 1, offsetMs: 86_400_000 }]] },
  flags: ["--faults", "clock:+1d"],
  caughtBy: ["P20"],
};
