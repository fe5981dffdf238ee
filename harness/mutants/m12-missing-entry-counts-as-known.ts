import type { Mutant } from "./mutant.ts";

export const m12: Mutant = {
  id: "M12",
  name: "an actor missing from a context counts as known instead of as 0",
  change: {
    file: "server/core/causal-context.ts",
    find: "if ((context.vector.get(dot.actor) ?? 0) >= dot.counter) return true;",
    replacement: "if ((context.vector.get(dot.actor) ?? dot.counter) >= dot.counter) return true;",
  },
  story:
    "A write whose context has never heard of a coordinator supersedes that coordinator's versions. Both sides of a partition write the same carts through different coordinators, and one side's writes are gone after the heal.",
  plan: { windows: [[{ kind: "partition", shape: "halves" }]] },
  flags: ["--faults", "partition:halves"],
  caughtBy: ["P1", "P2"],
};
