import type { Mutant } from "./mutant.ts";

export const m73: Mutant = {
  id: "M73",
  name: "who stands in for a home that is down keeps the write as its own",
  change: {
    file: "server/protocols/write-coordination.ts",
    find: "      home: standsInFor ?? node,",
    replacement: "      home: node,",
  },
  story:
    "The belief that a home is down changes who is one. Nobody hands the write over after the heal, and nobody looks for it there.",
  plan: {
    rate: 100,
    windowMs: 8000,
    bucket: { n: 2, r: 1, w: 1 },
    windows: [[{ kind: "partition", shape: "halves" }]],
  },
  caughtBy: ["P1", "P2", "P14"],
};
