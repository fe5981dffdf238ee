import type { Mutant } from "./mutant.ts";

export const m84: Mutant = {
  id: "M84",
  name: "waits and ages are measured by the wall clock",
  change: {
    file: "server/simulation/simulated-clock.ts",
    find: "    return (this.#process.world.nowMs() - this.#bootedAtMs) * this.#machine.rate;",
    replacement: "    return this.wallMs();",
  },
  realChange: {
    file: "server/adapters/system-clock.ts",
    find: "    return processStartMs + performance.now();",
    replacement: "    return Date.now();",
  },
  story:
    "The clock goes back by an hour while a peer is down. The next look at that peer is an hour away, and what was meant to take a second hangs. When clocks go ahead, the grace of tombstones is over at once: deleted carts are counted from one again while late copies of what they were are still on their way.",
  plan: {
    rate: 150,
    windowMs: 6000,
    windows: [
      [
        { kind: "clock", nodes: 5, offsetMs: 3_600_000 },
        { kind: "kill", nodes: 2 },
      ],
      [{ kind: "clock", nodes: 2, offsetMs: -3_600_000 }],
    ],
  },
  flags: ["--keys", "uniform", "--hint-bytes", "1", "--faults", "clock:+1h@n1/n2/n4/n5,kill@n3,kill@n3"],
  window: { faultMs: 3_000, recoveryMs: 2_000 },
  caughtBy: ["P20", "P14", "P1", "P2"],
};
