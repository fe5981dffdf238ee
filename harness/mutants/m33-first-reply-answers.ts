import type { Mutant } from "./mutant.ts";

export const m33: Mutant = {
  id: "M33",
  name: "a read is answered after its first reply although R = 2",
  change: {
    file: "server/protocols/read-coordination.ts",
    find: "      needs: { total: r, homes: pr,",
    replacement: "      needs: { total: Math.min(1, r), homes: pr,",
  },
  story:
    "One home is behind, because a message was lost. A read that it answers first does not show an acknowledged write.",
  plan: {
    rate: 150,
    lossShare: 0.05,
    bucket: { sloppy: false },
    windows: [[{ kind: "partition", shape: "one-way" }], [{ kind: "slow-disk", nodes: 2 }]],
  },
  caughtBy: ["P13", "P10"],
};
