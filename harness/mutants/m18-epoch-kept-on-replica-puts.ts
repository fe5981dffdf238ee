import type { Mutant } from "./mutant.ts";

export const m18: Mutant = {
  id: "M18",
  name: "a home that lost its record goes on under the name it finds in the copy it is sent",
  change: {
    file: "server/core/actor.ts",
    find: '    return { type: "new-epoch", reason: "first-coordination" };',
    replacement:
      '    const prefix = `${self.nodeId}~${self.incarnation}~`;\n    const known = own.type === "found" ? [...own.state.clock.keys()].findLast((one) => one.startsWith(prefix)) : undefined;\n    return known === undefined ? { type: "new-epoch", reason: "first-coordination" } : { type: "continue", actor: known };',
  },
  story:
    "The copy may be older than what the home itself gave before. It counts on from there, and gives dots a second time.",
  plan: {
    nodes: 3,
    rate: 100,
    workload: "notice-board",
    lossShare: 0.3,
    bucket: { readRepair: "off" },
    limits: { cacheBytesMax: 0 },
    intervals: { antiEntropyMs: 100_000 },
    windows: [[{ kind: "corruption", nodes: 1 }]],
  },
  caughtBy: ["P1", "P2", "P14"],
  doubt:
    "Two homes acknowledge a write, so a copy that is older than what the damaged home gave itself must come from a third that missed it, before anything else does; with W = 1 it shows, and there a damaged disk costs the real server writes as well.",
  seenIn: "riak_kv#1643",
};
