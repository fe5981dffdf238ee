import type { Mutant } from "./mutant.ts";

export const c03: Mutant = {
  id: "C03",
  name: "a read listens for no stragglers",
  change: {
    file: "server/config.ts",
    find: "  readRepairGraceMs: 75,",
    replacement: "  readRepairGraceMs: 0,",
  },
  story: "What one read does not mend the next one does, or the trees.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  caughtBy: [],
};
