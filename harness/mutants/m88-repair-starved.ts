import type { Mutant } from "./mutant.ts";

export const m88: Mutant = {
  id: "M88",
  name: "background work has no floor: while the disk is slow none is done",
  change: {
    file: "server/core/background-slices.ts",
    find: "    ? Math.max(slicesMin, Math.floor(slices / 2))",
    replacement: "    ? 0",
  },
  story:
    "Disks are slow for some seconds and a home is down. The reads of the last minute tell each node to hold back, and it holds back everything: what the home missed stays where it is.",
  plan: {
    rate: 60,
    windowMs: 10_000,
    limits: { cacheBytesMax: 0 },
    windows: [
      [
        { kind: "slow-reads", nodes: 5 },
        { kind: "kill", nodes: 1 },
      ],
    ],
  },
  caughtBy: ["P14"],
};
