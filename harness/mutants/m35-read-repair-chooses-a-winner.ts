import type { Mutant } from "./mutant.ts";

export const m35: Mutant = {
  id: "M35",
  name: "read repair sends one sibling, with the vector of all",
  change: {
    file: "server/protocols/read-coordination.ts",
    find: "this.#mend(node, name, merged)",
    replacement: "this.#mend(node, name, { ...merged, siblings: merged.siblings.slice(-1) })",
  },
  story:
    "The repaired home takes the other siblings for superseded, and from there the loss spreads. Siblings on a stale home are enough: a home that was paused, and robots.",
  plan: { rate: 120, windows: [[{ kind: "pause", nodes: 1 }], [{ kind: "kill", nodes: 1 }]] },
  flags: ["--faults", "pause,kill"],
  caughtBy: ["P1", "P2"],
};
