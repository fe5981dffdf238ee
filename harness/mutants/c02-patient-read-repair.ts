import type { Mutant } from "./mutant.ts";

export const c02: Mutant = {
  id: "C02",
  name: "a read listens for stragglers for a second",
  change: {
    file: "server/config.ts",
    find: "  readRepairGraceMs: 75,",
    replacement: "  readRepairGraceMs: 1000,",
  },
  story: "Repair is only later, or meets more.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  flags: ["--faults", "partition:halves,kill"],
  caughtBy: [],
};
