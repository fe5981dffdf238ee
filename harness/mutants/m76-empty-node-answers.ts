import type { Mutant } from "./mutant.ts";

export const m76: Mutant = {
  id: "M76",
  name: "a node with an empty disk answers under its old name",
  change: {
    file: "server/protocols/standing.ts",
    find: '    return member.incarnation === identity.incarnation ? "member" : "impostor";',
    replacement: '    return member.incarnation === identity.incarnation ? "member" : "member";',
  },
  story:
    "A node comes back with an empty disk, and no operator has said that it replaces the one that was lost. It says of everything that it does not exist.",
  plan: {
    rate: 60,
    bucket: { sloppy: false, r: 1, w: 3, readRepair: "off" },
    intervals: { antiEntropyMs: 100_000 },
    windows: [[{ kind: "wipe", nodes: 1, isStarted: true }]],
  },
  caughtBy: ["P13", "P10"],
};
