import type { Mutant } from "./mutant.ts";

export const m04: Mutant = {
  id: "M04",
  name: "a node keeps its name for events when its disk comes back empty",
  change: {
    file: "server/protocols/minting.ts",
    find: "    return actorOf({ nodeId: identity.nodeId, incarnation: identity.incarnation, epoch });",
    replacement: '    return actorOf({ nodeId: identity.nodeId, incarnation: "0", epoch: 0 });',
  },
  story:
    "The node counts from 1 again under a name whose counters others know. Blind puts that it coordinates before repair are taken for old, and dropped.",
  plan: {
    nodes: 3,
    rate: 60,
    workload: "notice-board",
    bucket: { readRepair: "off" },
    intervals: { antiEntropyMs: 100_000, transferMs: 3000 },
    windows: [[{ kind: "wipe", nodes: 1 }], []],
  },
  caughtBy: ["P1", "P2"],
  seenIn: "riak_kv#679",
};
