import type { Mutant } from "./mutant.ts";

export const c01: Mutant = {
  id: "C01",
  name: "siblings are returned in the opposite order",
  change: {
    file: "server/protocols/read-coordination.ts",
    find: "    siblings: siblings.flatMap(",
    replacement: "    siblings: siblings.toReversed().flatMap(",
  },
  story: "Siblings have no order.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  flags: ["--faults", "partition:halves,kill"],
  caughtBy: [],
};
