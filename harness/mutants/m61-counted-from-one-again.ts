import type { Mutant } from "./mutant.ts";

export const m61: Mutant = {
  id: "M61",
  name: "a key that is not there is counted from 1 under the old name",
  change: {
    file: "server/core/actor.ts",
    find: '    return { type: "new-epoch", reason: "first-coordination" };',
    replacement: '    return { type: "continue", actor: `${self.nodeId}~${self.incarnation}~0` };',
  },
  story:
    "A stand-in coordinates, hands its hint over, forgets it, and coordinates again: the second write gets the first one's dot, which its home knows already.",
  plan: {
    rate: 60,
    workload: "notice-board",
    bucket: { n: 1, r: 1, w: 1 },
    windows: [[{ kind: "partition", shape: "halves" }], [{ kind: "partition", shape: "halves" }]],
  },
  caughtBy: ["P1", "P2", "P14"],
  seenIn: "riak_kv#1094",
};
