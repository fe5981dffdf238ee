import type { Mutant } from "./mutant.ts";

export const m02: Mutant = {
  id: "M02",
  name: "the counter of a new dot comes from the client's context alone",
  change: {
    file: "server/core/dotted-versions.ts",
    find: "highestCounter(seen, actor) + 1",
    replacement: "highestCounter(context, actor) + 1",
  },
  story:
    "Two writes from one context through one coordinator get one and the same dot for different bytes. Whoever supersedes one supersedes the other without having seen it.",
  plan: { rate: 150, windows: [[]] },
  flags: ["--faults", "none"],
  caughtBy: ["P1", "P2", "P14"],
};
