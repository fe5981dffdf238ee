import type { Mutant } from "./mutant.ts";

export const m43: Mutant = {
  id: "M43",
  name: "a hint is forgotten once its delivery was tried",
  change: {
    file: "server/protocols/hinted-handoff.ts",
    find: "    if (arrivals.length === 0 || arrivals.includes(false)) return false;",
    replacement: "    if (arrivals.length === 0) return false;",
  },
  story: "The home is still beyond the cut. With W = 1 the hint was the only copy of an acknowledged write.",
  plan: {
    rate: 100,
    windowMs: 8000,
    bucket: { n: 2, r: 1, w: 1 },
    windows: [[{ kind: "partition", shape: "halves" }]],
  },
  caughtBy: ["P1", "P2"],
};
