import type { Mutant } from "./mutant.ts";

export const m49: Mutant = {
  id: "M49",
  name: "a hint goes to the node it was written for, whoever is a home now",
  change: {
    file: "server/protocols/hinted-handoff.ts",
    find: "    if (!homes.includes(target)) return homes;",
    replacement: "    if (!homes.includes(target)) return [target];",
  },
  story:
    "The only home of a key is beyond a cut while it is written, and leaves after the heal before anybody has scanned the hints. What was kept for it goes nowhere, and nobody else can read it.",
  plan: {
    rate: 100,
    bucket: { n: 1, r: 1, w: 1 },
    intervals: { hintScanMs: 30_000 },
    windows: [[{ kind: "partition", shape: "halves" }], [{ kind: "leave", nodes: 2 }]],
  },
  caughtBy: ["P1", "P2", "P14"],
};
