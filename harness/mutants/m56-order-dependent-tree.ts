import type { Mutant } from "./mutant.ts";

export const m56: Mutant = {
  id: "M56",
  name: "a leaf of the hash tree depends on the order of its changes",
  change: {
    file: "server/core/merkle-tree.ts",
    find: "  sums[leaf * 2] = (sums[leaf * 2] ?? 0) + sign * high;",
    replacement: "  sums[leaf * 2] = (sums[leaf * 2] ?? 0) * 3 + sign * high;",
  },
  story:
    "Two homes hold the same data and have different trees, so they exchange for ever and never come to rest.",
  plan: { windows: [[{ kind: "kill", nodes: 1 }]] },
  flags: ["--faults", "kill"],
  caughtBy: ["P14"],
  seenIn: "riak_core#828",
};
