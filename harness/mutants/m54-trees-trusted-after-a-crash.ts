import type { Mutant } from "./mutant.ts";

export const m54: Mutant = {
  id: "M54",
  name: "trees saved at an earlier stop are trusted after a crash",
  change: {
    file: "server/protocols/identity.ts",
    find: "    this.#areTreesSaved = earlier?.stoppedCleanly === true && earlier.treesSaved;",
    replacement: "    this.#areTreesSaved = earlier !== undefined;",
  },
  story:
    "The trees are those of the last clean stop, the data is newer. The homes of a partition compare what neither of them has.",
  plan: {
    intervals: { scrubMs: 1_000_000 },
    windows: [[{ kind: "restart", nodes: 5 }], [{ kind: "kill", nodes: 3 }]],
  },
  caughtBy: ["P14"],
};
