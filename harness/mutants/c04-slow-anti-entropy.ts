import type { Mutant } from "./mutant.ts";

export const c04: Mutant = {
  id: "C04",
  name: "trees are compared ten times less often",
  change: {
    file: "server/config.ts",
    find: "  antiEntropyMs: 10_000,",
    replacement: "  antiEntropyMs: 100_000,",
  },
  story: "Nothing waits for it but convergence, and that asks for it.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  caughtBy: [],
};
