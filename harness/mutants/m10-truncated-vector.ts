import type { Mutant } from "./mutant.ts";

export const m10: Mutant = {
  id: "M10",
  name: "a vector of more than three entries is cut, and a dropped one starts again",
  change: {
    file: "server/core/dotted-versions.ts",
    find: "      clock: known.vector,\n      cloud: known.cloud,\n      siblings: [...kept, written].toSorted(compareSiblings),",
    replacement:
      "      clock: new Map([...known.vector].slice(-3)),\n      cloud: known.cloud,\n      siblings: [...kept, written].toSorted(compareSiblings),",
  },
  story:
    "The coordinator forgets that it has seen what the dropped entry stood for: superseded versions come back, and new ones get dots that were given before. Crashed coordinators and carts that outlive them fill the vectors.",
  plan: {
    rate: 120,
    windows: [
      [{ kind: "kill", nodes: 2 }],
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 2 }],
    ],
  },
  caughtBy: ["P1", "P2", "P4", "P6", "P14"],
};
