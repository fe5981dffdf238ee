import type { Mutant } from "./mutant.ts";

export const c09: Mutant = {
  id: "C09",
  name: "trees have 16 inner nodes in place of 32",
  change: {
    file: "server/core/merkle-tree.ts",
    find: "export const innerCount = 32;",
    replacement: "export const innerCount = 16;",
  },
  story: "Equal data has equal trees, whatever their shape.",
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
