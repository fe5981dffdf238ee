import type { Mutant } from "./mutant.ts";

export const m09: Mutant = {
  id: "M09",
  name: "the counter of a dot is the wall clock",
  change: {
    file: "server/core/dotted-versions.ts",
    find: "  const dot: Dot = { actor, counter: highestCounter(seen, actor) + 1 };\n  const known = withDot(seen, dot);",
    replacement:
      "  const dot: Dot = { actor, counter: wallMs };\n  const latest = Math.max(wallMs, seen.vector.get(actor) ?? 0);\n  const raised = [...new Map(seen.vector).set(actor, latest)].toSorted(([a], [b]) => (a < b ? -1 : 1));\n  const known = { vector: new Map(raised), cloud: [] };",
  },
  story:
    "A clock that jumps back gives dots below those that everybody knows already, and what carries them is dropped as old.",
  plan: {
    rate: 100,
    windows: [
      [{ kind: "clock", nodes: 3, offsetMs: -60_000 }],
      [{ kind: "clock", nodes: 3, offsetMs: 60_000 }],
    ],
  },
  caughtBy: ["P1", "P2"],
  seenIn: "Dynomite, 2008",
};
