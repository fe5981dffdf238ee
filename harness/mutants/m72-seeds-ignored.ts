import type { Mutant } from "./mutant.ts";

export const m72: Mutant = {
  id: "M72",
  name: "seeds are not asked any more once a node knows members",
  change: {
    file: "server/protocols/gossip.ts",
    find: "    const isSeedsTurn = random.uniform() * Math.max(1, peers.ids.length) < 1;",
    replacement: "    const isSeedsTurn = random.uniform() < 1 && peers.ids.length === 0;",
  },
  story:
    "Two groups are started while they are cut from each other. After the heal nobody tells one of the other: there are two rings, and a key has other homes in each.",
  plan: { nodes: 6, groups: [3, 3], rate: 60, windows: [[], []] },
  caughtBy: ["P14", "P1"],
};
