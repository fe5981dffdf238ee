import type { Mutant } from "./mutant.ts";

export const m14: Mutant = {
  id: "M14",
  name: "a read's context covers one of its siblings",
  change: {
    file: "server/core/dotted-versions.ts",
    find: "  contextOf: (state) => ({ ...knownEvents(state), writes: writesSeenIn(state) }),",
    replacement:
      "  contextOf: (state) => ({ vector: new Map(), cloud: state.siblings.slice(0, 1).flatMap(({ dots }) => dots), writes: [] }),",
  },
  story: "A client that merges all siblings supersedes one of them. The others never go away.",
  plan: { rate: 100, windows: [[]] },
  caughtBy: ["P6", "P7"],
};
