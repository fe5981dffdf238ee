import type { Mutant } from "./mutant.ts";

export const m19: Mutant = {
  id: "M19",
  name: "a retry of a write is another write",
  change: {
    file: "server/core/siblings.ts",
    find: "  return known === undefined ? undefined : firstDot(known.dots);",
    replacement: "  return known === undefined || known.dots.length >= 0 ? undefined : firstDot(known.dots);",
  },
  story:
    "A client repeats what was not answered in time. The second copy comes beside the first, or after it was taken out.",
  plan: {
    rate: 120,
    lossShare: 0.05,
    windows: [[{ kind: "pause", nodes: 1 }], [{ kind: "pause", nodes: 1 }]],
  },
  caughtBy: ["P4", "P4k", "P6", "P7", "P14"],
  seenIn: "riak_kv#627, #1188",
};
