import type { Mutant } from "./mutant.ts";

export const m60: Mutant = {
  id: "M60",
  name: "a deleted key is reaped without the word of members that are down",
  change: {
    file: "server/protocols/reaping.ts",
    find: "    const others = [...placements.members.keys()].filter((node) => node !== self);",
    replacement:
      "    const others = [...placements.members.keys()].filter((node) => node !== self && peers.isHealthy(node));",
  },
  story:
    "A home is down while a key is deleted, and there is no room to keep the delete for it. The others forget the key; the home comes back with the value, and gives it to them.",
  plan: {
    nodes: 3,
    rate: 150,
    windowMs: 8000,
    limits: { hintBytesMax: 1 },
    intervals: { reapMs: 300, reapGraceMs: 1000, antiEntropyMs: 1000 },
    windows: [[{ kind: "kill", nodes: 1 }], [{ kind: "kill", nodes: 1 }]],
  },
  caughtBy: ["P4k", "P4"],
};
