import type { Mutant } from "./mutant.ts";

export const c08: Mutant = {
  id: "C08",
  name: "the last home coordinates, not the fastest",
  change: {
    file: "server/protocols/write-routing.ts",
    find: "    const preferred = [fastest, self].filter((node) => homes.includes(node));",
    replacement: "    const preferred = homes.toReversed();",
  },
  story: "Any home may coordinate.",
  plan: {
    windows: [
      [{ kind: "partition", shape: "halves" }],
      [{ kind: "kill", nodes: 1 }],
      [{ kind: "pause", nodes: 1 }],
    ],
  },
  caughtBy: [],
};
