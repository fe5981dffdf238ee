import type { Mutant } from "./mutant.ts";

export const c05: Mutant = {
  id: "C05",
  name: "hints are delivered last first",
  change: {
    file: "server/protocols/hinted-handoff.ts",
    find: "      const batch = held.slice(start, start + deliveriesAtOnce);",
    replacement: "      const batch = held.toReversed().slice(start, start + deliveriesAtOnce);",
  },
  story: "Merging does not depend on the order.",
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
