import type { Mutant } from "./mutant.ts";

export const c11: Mutant = {
  id: "C11",
  name: "a read waits for three replies although R = 2",
  change: {
    file: "server/protocols/read-coordination.ts",
    find: "      needs: { total: r, homes: pr,",
    replacement: "      needs: { total: Math.max(3, r), homes: pr,",
  },
  story: "More replies show more. One node of five may be missing.",
  plan: { windows: [[{ kind: "kill", nodes: 1 }], [{ kind: "slow-disk", nodes: 1 }]] },
  caughtBy: [],
};
