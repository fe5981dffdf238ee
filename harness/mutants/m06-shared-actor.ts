import type { Mutant } from "./mutant.ts";

export const m06: Mutant = {
  id: "M06",
  name: "all nodes name their events alike",
  change: {
    file: "server/protocols/minting.ts",
    find: "    return actorOf({ nodeId: identity.nodeId, incarnation: identity.incarnation, epoch });",
    replacement: '    return "node~shared~0";',
  },
  story:
    "Two nodes that coordinate writes of one key give them one dot. Whoever supersedes one supersedes the other unseen.",
  plan: { rate: 150, windows: [[{ kind: "partition", shape: "halves" }]] },
  caughtBy: ["P1", "P2", "P14"],
  seenIn: "riak_kv#1865",
};
